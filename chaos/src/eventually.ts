import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 100
const SAY_EVERY_MS = 30_000
const MAX_SLOWNESS = 10

/** How many times as long work takes now as on a machine with a core for everybody who wants one, from 1 to 10. */
const slowness = (): number => Math.min(MAX_SLOWNESS, Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()))

export interface Patience {
  /** Whether it is over. A slow machine is no fault: it gets as much more time as it was slower at its slowest. */
  isOver(): boolean
  /** How long that is, as slow as the machine has been by now. */
  boundMs(): number
  /** In words, for whoever watches. */
  state(): string
}

/** @param ms on a machine with nothing else to do; from now on */
export function patience(ms: number, slownessNow = slowness): Patience {
  const began = performance.now()
  let slowest = 1
  const elapsed = () => performance.now() - began
  const boundMs = () => {
    slowest = Math.max(slowest, slownessNow())
    return ms * slowest
  }
  return {
    isOver: () => elapsed() > boundMs(),
    boundMs,
    state: () => `${seconds(elapsed())} of at most ${seconds(boundMs())} s, load ${loadavg()[0]?.toFixed(0)}`,
  }
}

const seconds = (ms: number) => Math.round(ms / 1000)

interface Waiting {
  withinMs: number
  everyMs?: number
}

/** Asks until the answer holds, and says on the way what it waits for. @throws Error naming that and the last answer */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  holds: (answer: T) => boolean,
  waiting: Waiting,
): Promise<T> {
  const { answer, holding, state } = await poll(what, ask, holds, waiting)
  if (holding) return answer
  throw new Error(`${what}: not within ${waiting.withinMs} ms (${state()}); in the end ${JSON.stringify(answer)}`)
}

/** Asks until nothing is found any more. @returns what still is when time is up */
export async function untilNone<T>(what: string, ask: () => Promise<T[]>, waiting: Waiting): Promise<T[]> {
  return (await poll(what, ask, found => found.length === 0, waiting)).answer
}

async function poll<T>(
  what: string,
  ask: () => T | Promise<T>,
  holds: (answer: T) => boolean,
  { withinMs, everyMs = EVERY_MS }: Waiting,
) {
  const { isOver, state } = patience(withinMs)
  let saidAt = performance.now()
  for (;;) {
    const answer = await ask()
    const holding = holds(answer)
    if (holding || isOver()) return { answer, holding, state }
    if (performance.now() - saidAt > SAY_EVERY_MS) {
      saidAt = performance.now()
      console.error(`still waiting: ${what} (${state()})`)
    }
    await sleep(everyMs)
  }
}
