/** Lets `size` callers in at once; the others wait in the order in which they came. */
export interface Turnstile {
  readonly inside: number
  /**
   * Waits for a place. Whoever comes with `isReserved` finds one beyond `size`, unless another such caller has it, and as
   * long as it is taken the others have one place less (but never none): the caller waits for nobody, and soon works beside no
   * more than before.
   * Rejects with what `errorOf` makes of an aborted signal.
   */
  enter(signal: AbortSignal, errorOf: (signal: AbortSignal) => Error, isReserved?: boolean): Promise<void>
  leave(isReserved?: boolean): void
  /** Turns everybody away, those who wait included. */
  close(error: Error): void
}

interface Waiter {
  isReserved: boolean
  letIn(): void
  turnAway(error: Error): void
}

export function turnstile(size: number): Turnstile {
  const waiters: Waiter[] = []
  const inside = { shared: 0, reserved: 0 }
  let closed: Error | undefined

  const hasPlace = (isReserved: boolean) =>
    isReserved ? inside.reserved === 0 : inside.shared < Math.max(1, size - inside.reserved)
  const count = (isReserved: boolean, by: 1 | -1) => {
    inside[isReserved ? 'reserved' : 'shared'] += by
  }

  const wait = (signal: AbortSignal, errorOf: (signal: AbortSignal) => Error, isReserved: boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const giveUp = () => {
        waiters.splice(waiters.indexOf(waiter), 1)
        reject(errorOf(signal))
      }
      const settle = (act: () => void) => {
        signal.removeEventListener('abort', giveUp)
        act()
      }
      const waiter: Waiter = {
        isReserved,
        letIn: () => settle(resolve),
        turnAway: error => settle(() => reject(error)),
      }
      signal.addEventListener('abort', giveUp, { once: true })
      waiters.push(waiter)
    })

  /** As many of those who wait as there are places now. */
  const letInWaiting = () => {
    for (let at = waiters.findIndex(canEnter); at >= 0; at = waiters.findIndex(canEnter)) {
      const [next] = waiters.splice(at, 1)
      if (!next) return
      count(next.isReserved, 1)
      next.letIn()
    }
  }
  const canEnter = ({ isReserved }: Waiter) => hasPlace(isReserved)

  return {
    get inside() {
      return inside.shared + inside.reserved
    },
    async enter(signal, errorOf, isReserved = false) {
      if (closed) throw closed
      if (signal.aborted) throw errorOf(signal)
      if (!hasPlace(isReserved)) return await wait(signal, errorOf, isReserved)
      count(isReserved, 1)
    },
    leave(isReserved = false) {
      count(isReserved, -1)
      letInWaiting()
    },
    close(error) {
      closed = error
      for (const waiter of waiters.splice(0)) waiter.turnAway(error)
    },
  }
}
