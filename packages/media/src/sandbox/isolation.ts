import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Limits } from '../limits.ts'
import { bubblewrap } from './bubblewrap.ts'
import { fewSyscalls, landlock } from './confine.ts'
import { hostTool } from './host-tool.ts'
import { NODE_FLAGS } from './node-flags.ts'
import type { Tools } from './protocol.ts'
import { resourceLimitArgs, taskLimitArgs } from './resource-limits.ts'

/** What one process may see and use. */
export interface SandboxAccess {
  /** Absolute path of the folder that it reads from and writes to. */
  folder: string
  /** Absolute path of a folder that it may read only. */
  readable?: string
  /** Its CPU time; no limit when left out. */
  maxCpuSec?: number
}

export interface Isolation {
  /** The kind of sandbox. */
  name: 'bubblewrap' | 'landlock' | 'unshare' | 'guard' | 'off'
  level: 'full' | 'reduced'
  /** What is missing, and why; only when it is not full. */
  reason?: string
  /** The command in front of node's own. */
  prefix(access: SandboxAccess): string[]
  /** Whether the real process is the only child of the one we spawn, and its death the death of all that it started. */
  hasPidNamespace: boolean
  /** Whether nothing that it starts can leave its process group. */
  keepsGroup: boolean
}

interface Candidate extends Pick<Isolation, 'name' | 'prefix' | 'hasPidNamespace' | 'keepsGroup'> {
  /** What it does not keep in; nothing for the full sandbox. */
  lost?: string
}

/** Returns the arguments for separate namespaces: user, processes, mounts, network and IPC. */
const namespaces = (): string[] => [
  ...[hostTool('unshare'), '--user', '--map-user=1000', '--map-group=1000', '--pid', '--fork', '--kill-child=SIGKILL'],
  ...['--mount', '--mount-proc', '--net', '--ipc', '--uts'],
]

const FILES_READABLE = 'the files of the worker’s user stay readable'

/** Returns every kind of sandbox, the strongest first. */
export function candidates(limits: Limits, tools: Tools | null): Candidate[] {
  const programs = [process.execPath, ...Object.values(tools ?? {})]
  return [
    {
      name: 'bubblewrap',
      hasPidNamespace: true,
      keepsGroup: true,
      prefix: ({ maxCpuSec, ...access }) => [
        ...resourceLimitArgs(limits, maxCpuSec),
        ...bubblewrap(access, programs),
        ...fewSyscalls(),
        ...taskLimitArgs(),
      ],
    },
    {
      name: 'landlock',
      hasPidNamespace: false,
      keepsGroup: true,
      prefix: ({ maxCpuSec, ...access }) => [...resourceLimitArgs(limits, maxCpuSec), ...landlock(access, programs)],
    },
    {
      name: 'unshare',
      lost: FILES_READABLE,
      hasPidNamespace: true,
      keepsGroup: false,
      prefix: ({ maxCpuSec }) => [...resourceLimitArgs(limits, maxCpuSec), ...namespaces(), ...taskLimitArgs()],
    },
    {
      name: 'guard',
      lost: `${FILES_READABLE}, the network and other processes reachable`,
      hasPidNamespace: false,
      keepsGroup: false,
      prefix: ({ maxCpuSec }) => resourceLimitArgs(limits, maxCpuSec),
    },
  ]
}

export interface FindIsolationOptions {
  limits: Limits
  sandbox: 'auto' | 'off'
  tools: Tools | null
  /** A folder to try with. */
  folder: string
}

/** Commands behind which Node has started before in this process: what the host allows is not asked again, for each time is a start of Node. */
const proven = new Set<string>()

/** Finds the strongest isolation that this host allows by trying: the first under which node starts. */
export async function findIsolation({ limits, sandbox, tools, folder }: FindIsolationOptions): Promise<Isolation> {
  if (sandbox === 'off') return open('switched off')
  const refused: string[] = []
  for (const { lost, ...candidate } of candidates(limits, tools)) {
    const command = candidate.prefix({ folder: '' }).join(' ')
    const why = proven.has(command) ? null : await whyNot(candidate.prefix({ folder }))
    if (why === null) proven.add(command)
    if (why !== null) refused.push(`${candidate.name}: ${why}`)
    else if (lost === undefined) return { ...candidate, level: 'full' }
    else return { ...candidate, level: 'reduced', reason: `${lost} (${refused.join('; ')})` }
  }
  return open(refused.join('; '))
}

const open = (reason: string): Isolation => ({
  name: 'off',
  level: 'reduced',
  reason,
  prefix: () => [],
  hasPidNamespace: false,
  keepsGroup: false,
})

/**
 * Returns why Node does not start behind a command; null where it does. It runs a script, as `node --version` ends before Node reads the configuration
 * of OpenSSL, starts threads and sets V8 up: a host where one of these is refused would be told of only when the worker does not come up.
 */
export async function whyNot(prefix: string[]): Promise<string | null> {
  const [command = '', ...args] = [...prefix, process.execPath, ...NODE_FLAGS, '--eval', '0']
  try {
    await promisify(execFile)(command, args, { env: {}, cwd: '/', timeout: 30_000, killSignal: 'SIGKILL' })
    return null
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string }
    return (stderr || message).trim().split('\n')[0]?.slice(0, 200) ?? 'unknown'
  }
}
