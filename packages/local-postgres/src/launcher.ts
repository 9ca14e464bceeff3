import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Binaries } from './binaries.ts'

/** Starts Postgres' programs as a user that Postgres accepts: it refuses to run as root. */
export interface Launcher {
  spawn(program: string, args: string[]): ChildProcess
  /** Makes a folder with all in it belong to the user that Postgres runs as. */
  own(folder: string): void
}

const ROOT_ID = 0
/** `nobody`, who is known everywhere: initdb looks its user up and fails for an id without a name. */
const NOBODY_ID = 65_534
/** In a user namespace root goes by another id, while its files stay its own; nothing changes hands. */
const IN_USER_NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY_ID}`, `--map-group=${NOBODY_ID}`, '--']
/** Postgres follows its parent even when that is killed with -9; INT is its fast shutdown. Linux only. */
const DIE_WITH_PARENT = ['setpriv', '--pdeathsig', 'INT', '--']

/**
 * Returns a command that runs as another user with the one capability that allows access to root's folders. It needs no
 * user namespaces, so it works in Docker. `no_setuid_fixup` because Postgres calls access(2), which drops capabilities
 * otherwise.
 */
const asUser = (uid: number): string[] => [
  'setpriv',
  ...[`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--securebits=+no_setuid_fixup'],
  ...['--bounding-set=-all,+dac_override', '--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override'],
  '--',
]

/** @throws Error that says what to do when this host lets nobody but root run Postgres */
export function createLauncher({ postgres }: Binaries, dataDir: string): Launcher {
  const canRun = (prefix: string[]) => reaches(prefix, postgres, dirname(dataDir))
  if (process.getuid?.() !== ROOT_ID) return launcherWith(canRun(DIE_WITH_PARENT) ? DIE_WITH_PARENT : [], null)

  const owner = statSync(dataDir, { throwIfNoEntry: false })?.uid ?? ROOT_ID
  const [user, prefix] = waysForRoot(owner).find(([, prefix]) => canRun(prefix)) ?? []
  if (user === undefined || prefix === undefined) throw new Error(ROOT_CANNOT)
  return launcherWith(prefix, user)
}

/** Lists the possible owners of the files and how to run as each, the best first. Existing data keeps its owner. */
function waysForRoot(owner: number): [number, string[]][] {
  // The death signal is set last: a change of credentials clears it.
  const viaNamespace: [number, string[]] = [ROOT_ID, [...IN_USER_NAMESPACE, ...DIE_WITH_PARENT]]
  const via = (uid: number): [number, string[]] => [uid, [...asUser(uid), ...DIE_WITH_PARENT]]
  const withoutSetpriv: [number, string[]] = [ROOT_ID, IN_USER_NAMESPACE]
  return owner === ROOT_ID ? [viaNamespace, via(NOBODY_ID), withoutSetpriv] : [via(owner), viaNamespace, withoutSetpriv]
}

const ROOT_CANNOT =
  'Postgres does not run as root, and this host offers no way around it: neither user namespaces (unshare --user) nor ' +
  'setpriv with capabilities. Start Darkroom as an ordinary user, install util-linux, or set DATABASE_URL to a Postgres of yours.'

/** Tries the real program and the real folder: root in a namespace may not enter what belongs to others. */
function reaches(prefix: string[], postgres: string, folder: string): boolean {
  const script = '"$0" --version && test -x "$1"'
  const [command = 'sh', ...args] = [...prefix, 'sh', '-c', script, postgres, folder]
  return spawnSync(command, args, { stdio: 'ignore', cwd: '/' }).status === 0
}

function launcherWith(prefix: string[], user: number | null): Launcher {
  return {
    spawn(program, args) {
      const [command = program, ...rest] = [...prefix, program, ...args]
      // A group of its own: Ctrl-C reaches us first, and we stop Postgres last.
      return spawn(command, rest, { detached: true, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], env: postgresEnv() })
    },
    own(folder) {
      if (user === null || statSync(folder).uid === user) return
      const { status, stderr } = spawnSync('chown', ['-R', `${user}:${user}`, folder], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`Postgres' user ${user} cannot be made the owner of ${folder}: ${stderr}`)
    },
  }
}

const postgresEnv = () => ({ PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' })
