import { existsSync, readdirSync } from 'node:fs'
import { say } from './report.mjs'
import { runQuietly } from './run-quietly.mjs'
import { findProgram } from './search-path.mjs'

/** The exact line that a person has to run. */
export function installLine(packages) {
  return `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`
}

/** Whether this process may install Debian packages by itself. */
export const canAptInstall = () => process.getuid?.() === 0 && findProgram('apt-get') !== null

/** Installs Debian packages as far as that goes; whoever calls looks afterwards what is there. */
export async function aptInstall(packages) {
  if (packages.length === 0) return
  say(`installing ${packages.join(', ')} with apt-get …`)
  if (hasPackageLists() && (await aptGet('install', packages)).ok) return
  await aptGet('update', [])
  if ((await aptGet('install', packages)).ok) return
  // One name that this release does not have fails the whole line.
  for (const name of packages) {
    const { ok, output } = await aptGet('install', [name])
    if (!ok) say(`apt-get could not install ${name}:\n${output.trim()}`)
  }
}

const hasPackageLists = () => {
  const lists = '/var/lib/apt/lists'
  return existsSync(lists) && readdirSync(lists).some(name => name.includes('_Packages'))
}

function aptGet(action, packages) {
  const options = action === 'install' ? ['-y', '--no-install-recommends'] : []
  return runQuietly('apt-get', [action, ...options, '-o', 'DPkg::Lock::Timeout=120', ...packages], {
    // RUNLEVEL keeps Debian from starting redis-server as a service.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  })
}
