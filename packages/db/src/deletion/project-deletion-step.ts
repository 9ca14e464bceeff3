import { NO_SETTINGS } from '@darkroom/contracts'
import { and, eq, isNotNull, isNull, lte, sql } from 'drizzle-orm'
import { type Tx, waitBriefly } from '../client/client.ts'
import { LOWEST_ID, uuids } from '../client/uuids.ts'
import { type ProjectDeletion, projectDeletions, projects } from '../schema/index.ts'
import { startDeletion } from './delete-asset.ts'
import { AFTER_ASSETS, BEFORE_ASSETS, deleteAssetRows, type StorePlaces } from './project-rows.ts'

/** Assets that are looked at in one transaction. */
const WINDOW = 100
/** Deletions of assets of one project that are due and wait. */
const OPEN_AT_MOST = 200

/** Whether there may be more to do now, there is something to wait for, or nothing is left but what lies in the store. */
export type DeletionStep = 'more' | 'wait' | 'empty'

/**
 * Removes some of what a project has, in one transaction: whoever holds the row of a deletion leads it, and one that is
 * killed has removed nothing. Every object goes by the deletion of its asset, in two passes; rows follow when nothing of the
 * asset is left in the store or the CDN.
 */
export async function stepProjectDeletion(tx: Tx, projectId: string, places: StorePlaces): Promise<DeletionStep> {
  const [deletion] = await tx
    .select()
    .from(projectDeletions)
    .where(
      and(
        eq(projectDeletions.projectId, projectId),
        isNotNull(projectDeletions.startedAt),
        isNull(projectDeletions.finishedAt),
        lte(projectDeletions.roundStartsAt, sql`now()`),
      ),
    )
    .for('update', { skipLocked: true })
  if (!deletion) return 'wait'
  await waitBriefly(tx)
  for (const remove of BEFORE_ASSETS) if (await remove(tx, projectId, places)) return 'more'
  const step = await walkAssets(tx, deletion)
  if (step !== 'empty') return step
  for (const remove of AFTER_ASSETS) if (await remove(tx, projectId, places)) return 'more'
  return 'empty'
}

type Looked = { id: string; is_whole: boolean; is_left: boolean }

/**
 * Walks over the assets in rounds until no row is left: what waits for its second pass is found again in the next
 * round.
 */
async function walkAssets(tx: Tx, { projectId, cursor }: ProjectDeletion): Promise<DeletionStep> {
  const window = await tx.execute<Looked>(sql`
    SELECT id, deleted_at IS NULL AS is_whole, (
      EXISTS (SELECT FROM objects WHERE asset_id = assets.id)
      OR EXISTS (SELECT FROM cdn_purges WHERE asset_id = assets.id)
      OR EXISTS (SELECT FROM jobs WHERE asset_id = assets.id AND status IN ('queued', 'running'))
    ) AS is_left
    FROM assets WHERE project_id = ${projectId} AND id > ${cursor ?? LOWEST_ID} ORDER BY id LIMIT ${WINDOW}`)
  if (window.length === 0 && cursor === null) return 'empty'
  if (window.length === 0) return endRound(tx, projectId)
  const whole = window.filter(asset => asset.is_whole).map(asset => asset.id)
  if (whole.length > 0 && (await isBusy(tx, projectId))) return 'wait'
  await giveUp(tx, projectId, whole)
  const gone = window.filter(asset => !asset.is_whole && !asset.is_left).map(asset => asset.id)
  await deleteAssetRows(tx, gone)
  const last = window.at(-1)?.id ?? null
  await tx.update(projectDeletions).set({ cursor: last }).where(eq(projectDeletions.projectId, projectId))
  return 'more'
}

async function endRound(tx: Tx, projectId: string): Promise<DeletionStep> {
  await tx
    .update(projectDeletions)
    .set({ cursor: null, roundStartsAt: sql`now() + interval '15 seconds'` })
    .where(eq(projectDeletions.projectId, projectId))
  return 'wait'
}

/** Tells whether workers have enough to delete, so that deletions of others do not wait behind all of it. */
async function isBusy(tx: Tx, projectId: string): Promise<boolean> {
  const waiting = await tx.execute(sql`
    SELECT FROM jobs
    WHERE queue = 'system' AND lane = 'maintenance' AND project_id = ${projectId} AND status = 'queued'
      AND dispatched_at IS NULL AND available_at <= now() LIMIT ${OPEN_AT_MOST}`)
  return waiting.length >= OPEN_AT_MOST
}

/** Begins the deletion of assets, and counts what goes with them. */
async function giveUp(tx: Tx, projectId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.execute(sql`
    UPDATE project_deletions SET assets = assets + ${ids.length}::int, objects = project_deletions.objects + found.objects,
      bytes = project_deletions.bytes + found.bytes
    FROM (SELECT count(*) AS objects, coalesce(sum(bytes), 0) AS bytes FROM objects WHERE asset_id = ANY(${uuids(ids)})) AS found
    WHERE project_id = ${projectId}`)
  for (const id of ids) await startDeletion(tx, id, { lane: 'maintenance' })
}

/** Ends a deletion of which nothing is left. What stays is the receipt; the name is free. Call it in a transaction. */
export async function finishProjectDeletion(tx: Tx, id: string): Promise<void> {
  await tx
    .update(projects)
    .set({ ...NO_SETTINGS, deletedAt: sql`now()` })
    .where(and(eq(projects.id, id), isNull(projects.deletedAt)))
  await tx
    .update(projectDeletions)
    .set({ finishedAt: sql`now()` })
    .where(and(eq(projectDeletions.projectId, id), isNull(projectDeletions.finishedAt)))
}
