import type { Deployment } from '../deployment/deployment.ts'
import { eventually } from '../eventually.ts'

/** Maintenance looks every 15 s, and what it finds may lead to more. As long as it removes something it may go on. */
const STANDSTILL_MS = 90_000
const EVERY_MS = 1000

/**
 * Makes due now what would be due when no signed URL can be used any more, in a quarter of an hour or a day, and waits until the
 * product's own maintenance has removed it all. When it does not, the check that follows says what is left.
 */
export async function untilPurged({ sql }: Deployment): Promise<void> {
  let fewest = Number.POSITIVE_INFINITY
  let lastProgressMs = performance.now()
  // First of all, so that what is given up by it is removed as well.
  await sql`UPDATE uploads SET expires_at = now(), presign_expires_at = now() WHERE confirmed_at IS NULL AND aborted_at IS NULL`
  await sql`UPDATE assets SET expires_at = now() WHERE status = 'awaiting_upload'`
  const left = async () => {
    await sql`UPDATE objects SET purge_at = least(purge_at, now()), purge_until = least(purge_until, now())
      WHERE state = 'doomed' AND (purge_at > now() OR purge_until > now())`
    await sql`UPDATE jobs SET available_at = now()
      WHERE name = 'asset.delete' AND status = 'queued' AND available_at > now() + interval '5 s'`
    const [row] = await sql<{ count: number }[]>`
      SELECT (SELECT count(*) FROM objects WHERE state = 'doomed')::int +
        (SELECT count(*) FROM assets WHERE status IN ('deleting', 'awaiting_upload'))::int AS count`
    return row?.count ?? 0
  }
  const isEnough = (count: number) => {
    if (count < fewest) {
      fewest = count
      lastProgressMs = performance.now()
    }
    return count === 0 || performance.now() - lastProgressMs > STANDSTILL_MS
  }
  await eventually('everything given up is purged', left, isEnough, {
    withinMs: Number.POSITIVE_INFINITY,
    everyMs: EVERY_MS,
  })
}
