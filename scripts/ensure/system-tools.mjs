import { spawnSync } from 'node:child_process'
import { aptInstall, canAptInstall, installLine } from './apt.mjs'
import { withLock } from './lock.mjs'
import { FatalError, say } from './report.mjs'
import { findProgram } from './search-path.mjs'

/**
 * Programs that npm cannot bring: the Debian package, the commands it is for, what does the same but is not as good, and what goes
 * without either.
 */
export const TOOLS = [
  {
    aptPackage: 'ffmpeg',
    for: ['start', 'test', 'bench'],
    programs: ['ffmpeg'],
    variable: 'FFMPEG_PATH',
    lost: 'video and audio',
  },
  {
    aptPackage: 'bubblewrap',
    for: ['start', 'test', 'bench'],
    programs: ['bwrap'],
    lost: 'hiding of files from media processes',
  },
  { aptPackage: 'redis-server', for: ['test'], programs: ['redis-server'], lost: 'the queue on Redis' },
  // Chromium without a desktop, which takes half the CPU time.
  {
    aptPackage: 'chromium-headless-shell',
    for: ['test'],
    programs: ['/usr/bin/chromium-headless-shell'],
    substitutes: ['/usr/bin/chromium'],
    lost: 'the browser tests',
  },
  {
    aptPackage: 'poppler-utils',
    for: ['test'],
    programs: ['pdftoppm'],
    lost: 'pages of a PDF beside those of poppler',
  },
  // A server that pg_dump of the distribution knows; the one from npm is newer.
  {
    aptPackage: 'postgresql',
    for: ['test'],
    programs: ['/usr/bin/pg_createcluster'],
    lost: 'backups of the database',
  },
  { aptPackage: 'curl', for: ['test'], programs: ['curl'], lost: 'the commands of README and guides' },
  { aptPackage: 'strace', for: ['test'], programs: ['/usr/bin/strace'], lost: 'what a power loss leaves' },
  // Debian's own, which the tests run: another one that is first on the search path may be of any version, or a shim.
  {
    aptPackage: 'awscli',
    for: ['test'],
    programs: ['/usr/bin/aws'],
    lost: 'the local store against the AWS command line',
  },
  { aptPackage: 's3cmd', for: ['test'], programs: ['/usr/bin/s3cmd'], lost: 'the local store against s3cmd' },
  { aptPackage: 'rclone', for: ['test'], programs: ['/usr/bin/rclone'], lost: 'the local store against rclone' },
  { aptPackage: 'python3', for: ['test'], programs: ['/usr/bin/python3'], lost: 'the Python client' },
  // With setuptools and wheel, which it depends on.
  { aptPackage: 'python3-pip', for: ['test'], pythonModule: 'pip', lost: 'the wheel of the Python client' },
  { aptPackage: 'python3-boto3', for: ['test'], pythonModule: 'boto3', lost: 'the local store against boto3' },
]

export function missingTools(target, isThere = isToolThere) {
  return TOOLS.filter(tool => tool.for.includes(target) && !isThere(tool))
}

function isToolThere(tool) {
  if (tool.variable && process.env[tool.variable]) return true
  if (tool.programs) return tool.programs.some(program => findProgram(program) !== null)
  return hasPythonModule(tool.pythonModule)
}

function hasPythonModule(name) {
  const script = `import importlib.util as u, sys; sys.exit(u.find_spec('${name}') is None)`
  return spawnSync('/usr/bin/python3', ['-c', script], { stdio: 'ignore' }).status === 0
}

const hasSubstitute = ({ substitutes = [] }) => substitutes.some(program => findProgram(program) !== null)

const namesOf = tools => tools.map(tool => tool.aptPackage)

export async function installMissingTools(root, target) {
  if (missingTools(target).length > 0 && canAptInstall()) {
    await withLock(root, () => aptInstall(namesOf(missingTools(target))))
  }
  const missing = missingTools(target).filter(tool => !hasSubstitute(tool))
  if (missing.length > 0) goOnWithout(missing, target)
}

/** `start` and `bench` go on with less; so do tests on a person's machine, but in CI that would be a green run that tested nothing. */
function goOnWithout(missing, target) {
  if (target === 'test' && process.env.CI === 'true') {
    throw new FatalError(`CI needs every tool. Run: ${installLine(namesOf(missing))}`)
  }
  for (const tool of missing) say(`without ${tool.aptPackage}: ${target === 'test' ? 'skips' : 'no'} ${tool.lost}`)
  say(`to have ${missing.length === 1 ? 'it' : 'them'}: ${installLine(namesOf(missing))}`)
}
