import { StartupError } from './config.ts'

/** Thrown by a `close` that ended everything, but had to cut or to leave work; its message says what, and what to do. */
export class UnfinishedError extends Error {
  override readonly name = 'UnfinishedError'
}

/**
 * Starts a service and keeps it until SIGTERM or SIGINT; a second signal ends the process at once. `start` is told of one that
 * comes meanwhile. The exit code is 0 after a stop that finished all work, 1 after any other, 130 after a second signal.
 */
export async function runUntilSignal(
  start: (signal: AbortSignal) => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  const stopping = new AbortController()
  const signalled = nextSignal().then(() => stopping.abort())
  try {
    const service = await start(stopping.signal)
    await signalled
    await service.close()
    process.exit(0)
  } catch (error) {
    if (stopping.signal.aborted && error === stopping.signal.reason) process.exit(0)
    // These are for a person to read; anything else needs its stack.
    const isForPeople = error instanceof StartupError || error instanceof UnfinishedError
    console.error(isForPeople ? error.message : error)
    process.exit(error instanceof StartupError ? error.exitCode : 1)
  }
}

/** Ctrl-C reaches us from the terminal and once more through npm; what comes so soon is the same wish. */
const SAME_SIGNAL_MS = 1000

/** Listens from now on, so that a signal during the start waits for it and then stops what was started. */
const nextSignal = () =>
  new Promise<void>(resolve => {
    let askedAt: number | null = null
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        askedAt ??= performance.now()
        if (performance.now() - askedAt > SAME_SIGNAL_MS) process.exit(130)
        resolve()
      })
    }
  })
