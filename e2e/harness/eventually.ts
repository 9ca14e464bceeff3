import { setTimeout as sleep } from 'node:timers/promises'

interface PollOptions {
  withinMs: number
  everyMs?: number
}

/** Polls until `isIt` holds. @throws Error with the last answer when it does not within `withinMs` */
export async function eventually<T>(
  what: string,
  ask: () => T | Promise<T>,
  isIt: (answer: T) => boolean,
  { withinMs, everyMs = 100 }: PollOptions,
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
