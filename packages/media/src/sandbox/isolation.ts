import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Limits } from '../limits.ts'

export interface Isolation {
  level: 'full' | 'reduced'
  /** Why it is not full. */
  reason?: string
  /** The command in front of node's own. */
  prefix: string[]
  /** Whether the prefix forks, so that the real process is a child of the one we spawned. */
  forks: boolean
}

const GIB = 1024 ** 3
const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin']

/** The absolute path of a tool; the child has no PATH to look it up with. */
const tool = (name: string): string => FOLDERS.map(folder => `${folder}/${name}`).find(path => existsSync(path)) ?? name

/** Dies with the worker, gains no privileges, dumps no core, and cannot allocate without end. */
const guard = (limits: Limits): string[] => [
  ...[tool('setpriv'), '--pdeathsig', 'KILL', '--no-new-privs'],
  // Data counts what V8 and the threads reserve as well, so it stands a GiB above the limit that the parent watches.
  ...[tool('prlimit'), '--core=0', '--nofile=512', `--data=${limits.maxRssBytes + GIB}`],
]

/** Own user, processes, mounts, network and IPC: nothing to see, nobody to talk to. */
const namespaces = (): string[] => [
  ...[tool('unshare'), '--user', '--map-user=1000', '--map-group=1000', '--pid', '--fork', '--kill-child=SIGKILL'],
  ...['--mount', '--mount-proc', '--net', '--ipc', '--uts'],
]

/** The strongest isolation that this host allows, found by trying: the first prefix under which node starts. */
export async function findIsolation(limits: Limits, sandbox: 'auto' | 'off'): Promise<Isolation> {
  if (sandbox === 'off') return { level: 'reduced', reason: 'switched off', prefix: [], forks: false }
  const full = [...guard(limits), ...namespaces()]
  const reason = await whyNot(full)
  if (reason === null) return { level: 'full', prefix: full, forks: true }
  const guarded = (await whyNot(guard(limits))) === null
  return { level: 'reduced', reason, prefix: guarded ? guard(limits) : [], forks: false }
}

async function whyNot(prefix: string[]): Promise<string | null> {
  const [command = '', ...args] = [...prefix, process.execPath, '--version']
  try {
    await promisify(execFile)(command, args, { env: {}, cwd: '/', timeout: 10_000, killSignal: 'SIGKILL' })
    return null
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    return (stderr || message).trim().split('\n')[0]?.slice(0, 300) ?? 'unknown'
  }
}
