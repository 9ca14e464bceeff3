import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { askNode, canRunNode, hasLibrariesOfNode, installLibrariesOfNode, LEAST_NODE } from './installed-node.mjs'
import { FatalError, say } from './report.mjs'
import { runQuietly } from './run-quietly.mjs'
import { withoutPackageBins } from './search-path.mjs'

const stampOf = root => join(root, 'node_modules', '.darkroom-lock')
const hashOf = text => createHash('sha256').update(text).digest('hex')

/** Whether node_modules is what package-lock.json says, with a Node that runs. */
export function isInstalled(root) {
  return matchesLockfile(root) && canRunNode(root)
}

/** Whether node_modules of a folder is what the package-lock.json beside it says. */
export function matchesLockfile(root) {
  const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8')
  if (readOrNull(stampOf(root)) === hashOf(lockfile)) return true
  // A developer's own `npm install` leaves no stamp; npm's record of what it installed is as good.
  const record = readOrNull(join(root, 'node_modules', '.package-lock.json'))
  if (record === null || differences(JSON.parse(lockfile), JSON.parse(record)).length > 0) return false
  writeFileSync(stampOf(root), hashOf(lockfile))
  return true
}

/**
 * Paths of packages that are wanted and not installed as wanted. Those for other platforms may be missing, those for this one
 * may not: npm takes away, and says nothing, an optional package whose install script failed.
 */
export function differences(lockfile, record) {
  return Object.entries(lockfile.packages)
    .filter(([path, wanted]) => path.includes('node_modules/') && !wanted.link && !wanted.extraneous)
    .filter(([path, wanted]) => {
      const installed = record.packages[path]
      if (!installed) return (!wanted.optional || isForThisPlatform(wanted)) && !wanted.peer
      return installed.version !== wanted.version || installed.integrity !== wanted.integrity
    })
    .map(([path]) => path)
}

/** Whether a package names this platform; one that also names a C library may be for the other. */
function isForThisPlatform({ os, cpu, libc }) {
  return Boolean(os?.includes(process.platform) && cpu?.includes(process.arch) && !libc)
}

export async function installPackages(root, target) {
  say('installing the packages of package-lock.json with npm, which takes a minute …')
  await installLockfile(root)
  if (!hasLibrariesOfNode(root)) {
    await installLibrariesOfNode(root, target)
    await installWhatNeededNode(root)
  }
  checkNode(root)
  stamp(root)
}

/** Installs what the package-lock.json of a folder says. @throws FatalError with what npm printed */
export async function installLockfile(folder) {
  const clean = await npm(folder, ['ci'])
  if (!clean.ok) await installWithoutOtherPlatforms(folder, clean.output)
}

/** Notes that node_modules is complete, so that the next look need not compare packages. */
export function stamp(folder) {
  writeFileSync(stampOf(folder), hashOf(readFileSync(join(folder, 'package-lock.json'), 'utf8')))
}

/** Install scripts run on the Node in node_modules: without its libraries they failed, and npm took their packages away. */
async function installWhatNeededNode(root) {
  const { ok, output } = await npm(root, ['install', '--no-save'])
  if (!ok) throw new FatalError(`npm install failed:\n${output}`)
}

/** A registry that leaves out other platforms' packages makes npm ci refuse a lockfile that npm itself wrote there. */
async function installWithoutOtherPlatforms(root, output) {
  if (!lacksOtherPlatformsOnly(output)) throw new FatalError(`npm ci failed:\n${output}`)
  // Takes the versions of the lockfile and, unsaved, leaves it as it is.
  const installed = await npm(root, ['install', '--no-save'])
  if (!installed.ok) throw new FatalError(`npm install failed:\n${installed.output}`)
  const record = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'))
  const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  // What npm left out is superfluous; what it took must be what the lockfile says.
  const wrong = differences(lockfile, record).filter(path => record.packages[path])
  if (wrong.length > 0)
    throw new FatalError(`npm installed something else than package-lock.json says: ${wrong.join(', ')}`)
}

/** Whether npm ci complains of nothing but optional packages of which the registry knows no version. */
export function lacksOtherPlatformsOnly(output) {
  const complaints = output.split('\n').filter(line => /^npm error (?:Missing|Invalid): /.test(line))
  return complaints.length > 0 && complaints.every(line => /Missing: \S+@ from lock file$/.test(line.trim()))
}

function npm(root, args) {
  // Without NODE_ENV, which at "production" leaves out what tests and builds need.
  const { NODE_ENV: _, ...env } = process.env
  return runQuietly('npm', [...args, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: { ...env, PATH: withoutPackageBins(process.env.PATH ?? '') },
  })
}

function checkNode(root) {
  if (canRunNode(root)) return
  const { version } = askNode(root)
  throw new FatalError(
    `node_modules/.bin/node ${version ? `is ${version}` : 'does not run'}; Darkroom needs ${LEAST_NODE} or later. ` +
      'It comes with an install script: check that npm may run them (npm config get ignore-scripts), then: npm rebuild node',
  )
}

function readOrNull(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}
