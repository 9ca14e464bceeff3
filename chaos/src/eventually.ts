import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 100
const SAY_EVERY_MS = 30_000
const MAX_SLOWNESS = 10

/** Returns how many times as long work takes now as on an idle machine, by the load per core, from 1 to 10. */
const slowness = (): number => Math.min(MAX_SLOWNESS, Math.max(1, (loadavg()[0] ?? 0) / availableParallelism()))

export interface ScaledTimeout {
  /** Whether the time is over. A slow machine is no fault: the timeout grows with the highest load so far. */
  isOver(): boolean
  /** The timeout, scaled by the highest load so far. */
  boundMs(): number
  /** The elapsed time, the timeout and the load, in words. */
  state(): string
}

/** Starts a timeout that grows with the load of the machine. @param ms on an idle machine */
export function scaledTimeout(ms: number, slownessNow = slowness): ScaledTimeout {
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

/** Polls until the answer holds, and prints every half a minute what it waits for. @throws Error with that and the last answer */
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

/** Polls until nothing is found any more. @returns what is still found when the time is over */
export async function untilNone<T>(what: string, ask: () => Promise<T[]>, waiting: Waiting): Promise<T[]> {
  return (await poll(what, ask, found => found.length === 0, waiting)).answer
}

async function poll<T>(
  what: string,
  ask: () => T | Promise<T>,
  holds: (answer: T) => boolean,
  { withinMs, everyMs = EVERY_MS }: Waiting,
) {
  const { isOver, state } = scaledTimeout(withinMs)
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
