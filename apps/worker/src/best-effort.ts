import { setTimeout as sleep } from 'node:timers/promises'

const LONGEST_MS = 2000

/** Waits for what others like to be told at a stop, and not for long: they find out by themselves when nobody hears it. */
export const bestEffort = async (telling: Promise<unknown>): Promise<void> => {
  await Promise.race([telling, sleep(LONGEST_MS, undefined, { ref: false })])
}
