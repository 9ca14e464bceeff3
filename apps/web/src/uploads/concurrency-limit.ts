/** Creates a queue in which so much work runs at once, in the order in which it came; what is aborted while it waits leaves it. */
export function createConcurrencyLimit(count: number) {
  const waiting = new Set<() => void>()
  let running = 0

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (running < count) {
      running += 1
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const leave = () => {
      waiting.delete(resolve)
      reject(signal.reason)
    }
    waiting.add(resolve)
    signal.addEventListener('abort', leave, { once: true })
    await promise.finally(() => signal.removeEventListener('abort', leave))
  }

  function pass(): void {
    const [next] = waiting
    if (next) waiting.delete(next)
    else running -= 1
    next?.()
  }

  return async function inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await enter(signal)
    return work().finally(pass)
  }
}
