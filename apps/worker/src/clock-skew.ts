import { appError } from '@darkroom/contracts'
import type { DatabaseClient } from '@darkroom/db/client'

/**
 * Leases go by the database's clock, so a wrong clock here gives no wrong result. But BullMQ's Postgres backend compares
 * its locks, of which 90 s are left at any time, with the worker's own clock, and the object store refuses signatures that
 * are a quarter of an hour off.
 */
const MAX_SKEW_MS = 60_000

/** Measures how far this machine's clock is ahead of the database's, in milliseconds. */
export async function skewMs(database: DatabaseClient): Promise<number> {
  const askedAt = Date.now()
  const theirs = (await database.now()).getTime()
  return (askedAt + Date.now()) / 2 - theirs
}

/** @throws CLOCK_SKEW */
export function checkClock(aheadMs: number, host: string): void {
  if (Math.abs(aheadMs) <= MAX_SKEW_MS) return
  const direction = aheadMs > 0 ? 'ahead of' : 'behind'
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  throw appError(
    'CLOCK_SKEW',
    `The clock of ${host} is ${seconds} s ${direction} the database's; at most 60 s are allowed.`,
  )
}
