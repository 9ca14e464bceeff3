import { CommandError, EXIT } from './exit-codes.ts'

/**
 * Does work that Ctrl-C ends cleanly; a second one ends the process at once.
 * @param advice what to do about the rest
 */
export async function interruptible<T>(advice: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController()
  const stop = () => {
    stopping.abort()
    for (const name of SIGNALS) process.off(name, stop)
  }
  for (const name of SIGNALS) process.on(name, stop)
  try {
    return await work(stopping.signal)
  } catch (error) {
    if (!stopping.signal.aborted) throw error
    throw new CommandError(`Interrupted. ${advice}`, EXIT.interrupted, { cause: error })
  } finally {
    for (const name of SIGNALS) process.off(name, stop)
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
