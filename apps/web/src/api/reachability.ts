import type { UntilReachable } from '@darkroom/sdk'
import { isPassing } from './clients.ts'
import type { Gate } from './gate.ts'

export type Reachability = ReturnType<typeof createReachability>

interface ReachabilityDeps {
  gate: Gate
  /** Finds out whether the service is there, and sets the gate by it. */
  checkService: () => Promise<void>
}

/** Sits out what keeps the service from taking files: an outage costs a file time, and no attempt. */
export function createReachability({ gate, checkService }: ReachabilityDeps) {
  const untilReachable: UntilReachable = async (signal, failure) => {
    if (failure) await checkService()
    signal.throwIfAborted()
    if (gate.isOpen()) return false
    const { promise, reject } = Promise.withResolvers<never>()
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    await Promise.race([gate.passed(), promise]).finally(() => signal.removeEventListener('abort', stop))
    return true
  }

  /** Makes a call when the service is there, and again as often as an outage explains its failure. */
  async function sitOut<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      await gate.passed()
      try {
        return await call()
      } catch (error) {
        if (!isPassing(error)) throw error
        await checkService()
        if (gate.isOpen()) throw error
      }
    }
  }

  return { untilReachable, sitOut }
}
