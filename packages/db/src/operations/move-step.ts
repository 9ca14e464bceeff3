import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { LOWEST_ID } from '../client/uuids.ts'
import { changeWithEvent } from '../events/events.ts'
import { insertJob } from '../jobs/jobs.ts'
import { assets, jobs, type MoveRow, moves, uploads } from '../schema/index.ts'

/** Assets that are looked at in one transaction. */
const WINDOW = 200
/** Jobs of one project that wait or run at once. */
const OPEN_AT_MOST = 50
/** An asset whose move failed for good is tried again after this: by then somebody may have helped. */
const AGAIN_AFTER = sql`interval '1 hour'`
/** A run that was planned before the project became private has published, or is known by the rows of its objects. */
const PLANNED_BEFORE = sql`interval '10 minutes'`

/**
 * Looks at the next assets of a project and makes a job for each that has something in the public bucket, in the
 * transaction that moves the cursor past them: a kill at any point leaves none out. One whose job is under way is found
 * again in the next round, and so is one that is put off. Without a public bucket nothing is found.
 * @returns whether there may be more to do now
 */
export async function stepMove(
  tx: Tx,
  projectId: string,
  { publicBucket }: { publicBucket: string | null },
): Promise<boolean> {
  const [move] = await tx
    .select()
    .from(moves)
    .where(and(eq(moves.projectId, projectId), isNull(moves.finishedAt), lte(moves.roundStartedAt, sql`now()`)))
    .for('update', { skipLocked: true })
  if (!move || (await countOpenJobs(tx, projectId)) >= OPEN_AT_MOST) return false
  const window = await tx.execute<{ id: string; is_public: boolean; is_put_off: boolean }>(sql`
    SELECT id, EXISTS (
      SELECT FROM objects WHERE asset_id = assets.id AND bucket = ${publicBucket} AND state IN ('live', 'writing')
    ) AS is_public, EXISTS (
      SELECT FROM jobs WHERE asset_id = assets.id AND name = 'asset.move' AND status = 'failed'
        AND finished_at > now() - ${AGAIN_AFTER}
    ) AS is_put_off
    FROM assets WHERE project_id = ${projectId} AND id > ${move.cursor ?? LOWEST_ID} ORDER BY id LIMIT ${WINDOW}`)
  if (window.length === 0) {
    await endRound(tx, move)
    return false
  }
  const found = window.filter(asset => asset.is_public)
  for (const { id, is_put_off: isPutOff } of found) if (!isPutOff) await startMove(tx, id)
  const set = { cursor: window.at(-1)?.id ?? null, found: sql`${moves.found} + ${found.length}` }
  await tx.update(moves).set(set).where(eq(moves.projectId, projectId))
  return true
}

async function countOpenJobs(tx: Tx, projectId: string): Promise<number> {
  const [row] = await tx.execute<{ open: number }>(sql`
    SELECT count(*)::int AS open FROM jobs
    WHERE project_id = ${projectId} AND name = 'asset.move' AND status IN ('queued', 'running')`)
  return row?.open ?? 0
}

/** Ends a round. One that found nothing is the last, if it began so late that nothing can come after it. */
async function endRound(tx: Tx, { projectId, found }: MoveRow): Promise<void> {
  await tx.execute(sql`
    UPDATE moves SET cursor = NULL, found = 0,
      finished_at = CASE WHEN ${found} = 0 AND round_started_at >= requested_at + ${PLANNED_BEFORE} THEN now() END,
      round_started_at = greatest(
        now() + interval '15 seconds', CASE WHEN ${found} = 0 THEN requested_at + ${PLANNED_BEFORE} END
      )
    WHERE project_id = ${projectId}`)
}

/** Creates the job that takes an asset out of the public bucket; not where another job is under way, or it was deleted. */
async function startMove(tx: Tx, assetId: string): Promise<void> {
  // In the order of `lockJobs`.
  await tx.select({ id: uploads.id }).from(uploads).where(eq(uploads.assetId, assetId)).for('update')
  const active = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.assetId, assetId), inArray(jobs.status, ['queued', 'running'])))
  if (active.length > 0) return
  const update = tx
    .update(assets)
    .set({ generation: sql`${assets.generation} + 1`, revision: sql`${assets.revision} + 1` })
    .where(and(eq(assets.id, assetId), isNull(assets.deletedAt)))
    .returning()
  const asset = await changeWithEvent(tx, update, { type: 'asset.moving' })
  if (asset) await insertJob(tx, { asset, name: 'asset.move', queue: 'system', lane: 'maintenance' })
}
