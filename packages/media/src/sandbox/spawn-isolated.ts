import { type ChildProcess, spawn } from 'node:child_process'
import { type Duplex, PassThrough } from 'node:stream'
import { CHANNEL_FD, type Channel, type ChannelListeners, openChannel } from './channel.ts'
import { deadMansSwitch } from './dead-mans-switch.ts'
import { ENVIRONMENT } from './environment.ts'
import type { Isolation, SandboxAccess } from './isolation.ts'
import { childOf, descendantsOf } from './process-tree.ts'

export interface IsolatedProcess {
  child: ChildProcess
  channel: Channel
  /** The last of what it wrote to stderr. */
  stderr(): string
  /** The decoder itself, which may be a child of what was spawned; null when that is not known. */
  realPid(): number | null
  /** SIGKILL to it and to all that it started. */
  kill(): void
  /** SIGSTOP to the decoder, or to its whole group. False where that would not hold it, or there is none yet. */
  stop(): boolean
  resume(): void
  /** Whether nothing runs that it started. */
  isAlone(): boolean
}

const STDERR_BYTES = 4096
/** What util-linux 2.38 says when its child was killed. */
const UNSHARE_NOISE = /^unshare: sigprocmask unblock failed.*\n?/m

/** Spawns Node with constants for an environment, no handles but its channel and stderr, in a process group of its own and an empty folder. */
export function spawnIsolated(
  { prefix, hasPidNamespace, keepsGroup }: Isolation,
  access: SandboxAccess,
  nodeArgs: string[],
  listeners: ChannelListeners,
): IsolatedProcess {
  const [command = process.execPath, ...args] = [...prefix(access), process.execPath, ...nodeArgs]
  const child = spawn(command, args, {
    env: ENVIRONMENT,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null
  // An id may be somebody else's when its process is gone.
  const realPid = (): number | null =>
    child.pid === undefined || hasEnded() ? null : hasPidNamespace ? childOf(child.pid) : child.pid
  /** What is stopped as one: the first of a namespace, or a group, which has a negative id. */
  const stopped = (): number | null => {
    const pid = realPid()
    return pid === null || hasPidNamespace ? pid : -pid
  }
  if (!hasPidNamespace) endGroupWith(child)
  const socket = socketOf(child)
  child.once('exit', () => cutOff(child, socket))
  const channel = openChannel(socket, listeners)
  return {
    child,
    channel,
    stderr: keepTail(child),
    realPid,
    // The first of a PID namespace takes all others with it, and whoever spawned it reaps it when they are gone.
    kill: () => (hasPidNamespace ? killNamespace(child, realPid(), channel.isOpen) : killGroup(child)),
    stop: () => (hasPidNamespace || keepsGroup) && signalTo(stopped(), 'SIGSTOP'),
    resume: () => void signalTo(stopped(), 'SIGCONT'),
    isAlone() {
      const pid = realPid()
      return pid === null || descendantsOf(pid).length === 0
    },
  }
}

/** Returns the channel. A spawn that fails for lack of handles has no streams; its own event has the reason. */
const socketOf = ({ stdio }: Partial<ChildProcess>): Duplex =>
  (stdio?.[CHANNEL_FD] as Duplex | undefined) ?? new PassThrough().destroy()

const LAST_WORDS_MS = 500

/**
 * Closes the channel of a process that ended. If it was killed while it started the decoder, the decoder may live on
 * with our pipes. It must not continue, and ends when its channel is closed.
 */
function cutOff(child: ChildProcess, socket: Duplex): void {
  socket.destroy()
  setTimeout(() => child.stderr?.destroy(), LAST_WORDS_MS).unref()
}

/** Ends the process group with its first process, and both with the worker. */
function endGroupWith(child: ChildProcess): void {
  if (child.pid === undefined) return
  const disarm = deadMansSwitch(child.pid)
  child.once('exit', () => {
    disarm()
    killGroup(child)
  })
}

function killNamespace(child: ChildProcess, realPid: number | null, isOpen: boolean): void {
  if (signalTo(realPid, 'SIGKILL')) return
  // Still starting. Without its channel it is gone, and the one around it is about to tell how it ended.
  if (isOpen) killGroup(child)
}

function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) signal(-pid, 'SIGKILL')
}

/** Sends a signal. @returns false when there is no process yet */
function signalTo(pid: number | null, name: NodeJS.Signals): boolean {
  if (pid !== null) signal(pid, name)
  return pid !== null
}

function signal(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function keepTail(child: ChildProcess): () => string {
  let tail = Buffer.alloc(0)
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-STDERR_BYTES)
  })
  return () => tail.toString('utf8').replace(UNSHARE_NOISE, '')
}
