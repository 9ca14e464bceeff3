import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const WITHIN_MS = 60_000
/** Before the first new start, for the processes of the old server to end; then twice as long each time. */
const PAUSE_MS = 500
const LAST_WORDS = 600
/** What SIGTERM begins, as systemd sends it to everything of a service: it refuses whoever is new and waits for all others to leave. */
const SMART_SHUTDOWN = 'received smart shutdown request'

export interface SupervisorOptions {
  /** A server that ends more often than this within a minute is not started again. */
  maxEnds: number
  /** As at first: the same folder, the same port. */
  start: () => Promise<ChildProcess>
  /** Told in a sentence that it ended, and that it is back. */
  say: (text: string) => void
  onGivenUp: (error: Error) => void
}

export interface SupervisedServer {
  readonly server: ChildProcess
  /** Starts nothing any more; resolves with the last server, which may have ended. */
  release(): Promise<ChildProcess>
}

/** Starts a server again that ended although nobody stopped it. */
export function superviseServer(
  first: ChildProcess,
  { maxEnds, start, say, onGivenUp }: SupervisorOptions,
): SupervisedServer {
  const released = new AbortController()
  let server = first
  let restarting: Promise<void> = Promise.resolve()
  let ends: number[] = []

  const restart = async (reason: string): Promise<void> => {
    const endedAt = performance.now()
    ends = [...ends.filter(at => at > endedAt - WITHIN_MS), endedAt]
    if (ends.length > maxEnds) return onGivenUp(givenUp(ends.length, reason))
    say(`The embedded Postgres exited (${reason}). It is being restarted; until then requests return 503.`)
    const isOver = await sleep(PAUSE_MS * 2 ** (ends.length - 1), false, { signal: released.signal }).catch(() => true)
    if (isOver) return
    try {
      server = await start()
    } catch (error) {
      return restart(error instanceof Error ? error.message : String(error))
    }
    watch(server)
    say(`The embedded Postgres is running again after ${((performance.now() - endedAt) / 1000).toFixed(1)} s.`)
  }

  const watch = (child: ChildProcess) => {
    let log = ''
    let isEnding = false
    child.stderr?.on('data', chunk => {
      log = `${log}${chunk}`.slice(-LAST_WORDS)
      // Our pools never leave, so it would neither serve nor end.
      if (log.includes(SMART_SHUTDOWN) && !isEnding) isEnding = child.kill('SIGINT')
    })
    child.once('close', (code, signal) => {
      if (!released.signal.aborted) restarting = restart(describe(code, signal, log))
    })
  }
  watch(first)

  return {
    get server() {
      return server
    },
    async release() {
      released.abort()
      await restarting
      return server
    },
  }
}

function describe(code: number | null, signal: string | null, log: string): string {
  if (signal) return `killed by ${signal}`
  const [lastFault] = log
    .split('\n')
    .filter(line => /\b(FATAL|PANIC):/.test(line))
    .slice(-1)
  return [`exit code ${code}`, lastFault?.trim()].filter(Boolean).join(': ')
}

function givenUp(times: number, reason: string): Error {
  const howOften = times > 1 ? ` ${times} times within a minute` : ''
  return new Error(`The embedded Postgres exited${howOften} (${reason}).`)
}
