import type { Gate } from './gate.ts'
import { withRetries } from './with-retries.ts'

export type OutageRetry = ReturnType<typeof createOutageRetry>

interface OutageRetryDeps {
  gate: Gate
  /** Finds out whether the service is there, and sets the gate by it. */
  checkService: () => Promise<void>
}

/** Sits out what passes. */
export function createOutageRetry({ gate, checkService }: OutageRetryDeps) {
  /** Waits for the end of an outage and tells whether there was one. */
  async function outage(): Promise<boolean> {
    await checkService()
    if (gate.isOpen()) return false
    await gate.passed()
    return true
  }
  return {
    outage,
    /** An outage costs a file time and no try: a queue would burn down by it, file by file. */
    withRetry: <T>(request: () => Promise<T>): Promise<T> => withRetries(request, { outage }),
  }
}
