/** Long work takes as long as its source lasts, minutes or hours; short work is over in seconds. */
export type Length = 'short' | 'long'

/** The right to work, for one job. */
export interface Permit {
  /** Makes it one for long work, if there is such a place and nobody waits for one. @returns whether it is one */
  tryLengthen(): boolean
  /** Gives the place back, and waits for one for long work; rejects as `acquire` does, and then there is nothing to release. */
  lengthen(): Promise<void>
  /** Gives the place back, if there is one. */
  release(): void
}

export interface Request {
  signal: AbortSignal
  /** What to reject with when `signal` aborts. */
  errorOf(signal: AbortSignal): Error
  /** Takes a place that is kept for such callers, so that it waits for none of the others. */
  isReserved?: boolean
}

/** Grants so many permits at once; the others wait in the order in which they came. */
export interface Semaphore {
  readonly held: number
  /**
   * Waits for a permit for short work.
   *
   * There are `size` places, and some beyond them. Long work never holds the last one: while all who work have long work, or
   * short work that is not over after ten seconds, one more with short work is let in. Of callers with `isReserved`, one with short and one with long work find a place of their
   * own; as long as it is taken the others have one place less, but never none, so that soon no more work at once than before.
   * @throws what `errorOf` makes of an aborted signal, or what `close` was given
   */
  acquire(request: Request): Promise<Permit>
  /** Turns everybody away, those who wait included. */
  close(error: Error): void
}

type Owner = 'shared' | 'reserved'
interface Place {
  owner: Owner
  /** What was taken for short and still goes on is `overdue`. */
  length: Length | 'overdue'
}
interface Waiter {
  length: Length
  isReserved: boolean
  letIn(place: Place): void
  turnAway(error: Error): void
}

const OVERDUE_MS = 10_000

export function semaphore(size: number, overdueMs = OVERDUE_MS): Semaphore {
  const waiters: Waiter[] = []
  const held: Record<Owner, Record<Place['length'], number>> = {
    shared: { short: 0, long: 0, overdue: 0 },
    reserved: { short: 0, long: 0, overdue: 0 },
  }
  const heldBy = (owner: Owner) => held[owner].short + held[owner].long + held[owner].overdue
  let closed: Error | undefined

  const placeFor = ({ length, isReserved }: Pick<Waiter, 'length' | 'isReserved'>): Place | null => {
    if (isReserved && held.reserved[length] === 0) return { owner: 'reserved', length }
    // What is overdue is not counted for long work, or a row of such would keep it out for ever.
    const counted = heldBy('shared') - (length === 'long' ? held.shared.overdue : 0)
    const isFree = counted < Math.max(1, size - heldBy('reserved'))
    return isFree || (length === 'short' && held.shared.short === 0) ? { owner: 'shared', length } : null
  }
  const take = (place: Place): Place => {
    held[place.owner][place.length] += 1
    return place
  }
  const giveBack = ({ owner, length }: Place) => {
    held[owner][length] -= 1
  }

  const wait = ({ signal, errorOf, isReserved = false }: Request, length: Length): Promise<Place> =>
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
        length,
        isReserved,
        letIn: place => settle(() => resolve(place)),
        turnAway: error => settle(() => reject(error)),
      }
      signal.addEventListener('abort', giveUp, { once: true })
      waiters.push(waiter)
    })

  /** As many of those who wait as there are places now. */
  const letInWaiting = () => {
    for (let at = 0; at < waiters.length; ) {
      const waiter = waiters[at]
      const place = waiter && placeFor(waiter)
      if (place) {
        waiters.splice(at, 1)
        waiter.letIn(take(place))
      } else at += 1
    }
  }

  const enter = async (request: Request, length: Length): Promise<Place> => {
    const { signal, errorOf, isReserved = false } = request
    if (closed) throw closed
    if (signal.aborted) throw errorOf(signal)
    const place = placeFor({ length, isReserved })
    return place ? take(place) : await wait(request, length)
  }

  const permitOf = (request: Request, first: Place): Permit => {
    let place: Place | null = first
    let isReleased = false
    const leave = () => {
      clearInterval(timer)
      if (place) giveBack(place)
      place = null
    }
    // So that others with short work need not wait for it. As many of them as there are places, as they may never end: where
    // there are so many, it is looked at again.
    const isOver = () => {
      if (place?.length !== 'short' || held.shared.overdue + held.reserved.overdue >= size) return
      clearInterval(timer)
      giveBack(place)
      place = take({ owner: place.owner, length: 'overdue' })
      letInWaiting()
    }
    const timer = setInterval(isOver, overdueMs).unref()
    return {
      tryLengthen() {
        const { isReserved = false } = request
        if (!place || place.length === 'long') return place !== null
        if (!isReserved && waiters.some(({ length }) => length === 'long')) return false
        giveBack(place)
        place = take(placeFor({ length: 'long', isReserved }) ?? place)
        letInWaiting()
        return place.length === 'long'
      },
      async lengthen() {
        leave()
        letInWaiting()
        place = await enter(request, 'long')
        if (isReleased) this.release()
      },
      release() {
        isReleased = true
        leave()
        letInWaiting()
      },
    }
  }

  return {
    get held() {
      return heldBy('shared') + heldBy('reserved')
    },
    acquire: async request => permitOf(request, await enter(request, 'short')),
    close(error) {
      closed = error
      for (const waiter of waiters.splice(0)) waiter.turnAway(error)
    },
  }
}
