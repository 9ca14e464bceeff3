import { setTimeout as sleep } from 'node:timers/promises'

const EVERY_MS = 100

/** Asks until the answer holds. @throws Error naming what was waited for and the last answer */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  holds: (answer: T) => boolean,
  { withinMs, everyMs = EVERY_MS }: { withinMs: number; everyMs?: number },
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (holds(answer)) return answer
    if (performance.now() > deadline) {
      throw new Error(`${what}: not within ${withinMs} ms; in the end ${JSON.stringify(answer)}`)
    }
    await sleep(everyMs)
  }
}
