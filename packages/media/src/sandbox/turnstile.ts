/** Lets `size` callers in at once; the others wait in the order in which they came. */
export interface Turnstile {
  readonly inside: number
  /** Rejects with what `errorOf` makes of an aborted signal. */
  enter(signal: AbortSignal, errorOf: (signal: AbortSignal) => Error): Promise<void>
  leave(): void
  /** Turns everybody away, those who wait included. */
  close(error: Error): void
}

interface Waiter {
  letIn(): void
  turnAway(error: Error): void
}

export function turnstile(size: number): Turnstile {
  const waiters: Waiter[] = []
  let inside = 0
  let closed: Error | undefined

  const wait = (signal: AbortSignal, errorOf: (signal: AbortSignal) => Error): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = () => {
        waiters.splice(waiters.indexOf(waiter), 1)
        reject(errorOf(signal))
      }
      const settle = (act: () => void) => {
        signal.removeEventListener('abort', giveUp)
        act()
      }
      const waiter = { letIn: () => settle(resolve), turnAway: (error: Error) => settle(() => reject(error)) }
      signal.addEventListener('abort', giveUp, { once: true })
      waiters.push(waiter)
    })

  return {
    get inside() {
      return inside
    },
    async enter(signal, errorOf) {
      if (closed) throw closed
      if (signal.aborted) throw errorOf(signal)
      if (inside >= size) return await wait(signal, errorOf)
      inside++
    },
    leave() {
      const next = waiters.shift()
      if (next) next.letIn()
      else inside--
    },
    close(error) {
      closed = error
      for (const waiter of waiters.splice(0)) waiter.turnAway(error)
    },
  }
}
