import { setTimeout as sleep } from 'node:timers/promises'

interface Patience {
  withinMs: number
  everyMs?: number
}

/** Asks again until `isIt` holds; the last answer is in the error when it never does. */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  isIt: (answer: T) => boolean,
  { withinMs, everyMs = 100 }: Patience,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const answer = await ask()
    if (isIt(answer)) return answer
    if (Date.now() > deadline)
      throw new Error(`${what}: not within ${withinMs} ms; in the end ${JSON.stringify(answer)}`)
    await sleep(everyMs)
  }
}
