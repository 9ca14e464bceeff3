import { type AssetFilter, appError, type Lane } from '@darkroom/contracts'
import { AppError } from '@darkroom/core'
import { and, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import { fits } from '../assets/asset-filter.ts'
import { transitionAsset } from '../assets/asset-transitions.ts'
import { noteCdnPurge } from '../assets/cdn-purges.ts'
import { doomObjects, objectsOfAsset } from '../assets/objects.ts'
import type { Revisions } from '../assets/patch-asset.ts'
import type { Database, Tx } from '../client/client.ts'
import { isoTime } from '../client/iso-time.ts'
import { changeWithEvent } from '../events/events.ts'
import { cancelActiveJobs, insertJob } from '../jobs/jobs.ts'
import {
  type AssetRow,
  assets,
  type JobRow,
  objects,
  uploadStatus,
  uploads,
  variantStatus,
  variants,
} from '../schema/index.ts'
import { forgetImportUrl } from '../uploads/imports.ts'

/**
 * Tombstones an asset: from this commit on nothing can be published for it, and a job removes its objects.
 * @returns null when it is deleted already
 * @throws PRECONDITION_FAILED when it has none of the revisions `from`, or `only` does not hold of it
 */
export async function startDeletion(
  tx: Tx,
  assetId: string,
  { from = null, only, lane = 'interactive' }: { from?: Revisions; only?: SQL | undefined; lane?: Lane } = {},
): Promise<{ asset: AssetRow; job: JobRow } | null> {
  // In the order of `lockJobs`; imports and uploads so that an import or a confirm that is under way has made its job.
  await forgetImportUrl(tx, assetId)
  const { abortedWithAsset } = uploadStatus
  await tx
    .update(uploads)
    .set(abortedWithAsset.values)
    .where(and(eq(uploads.assetId, assetId), abortedWithAsset.guard))
  await cancelActiveJobs(tx, assetId, 'the asset was deleted')
  const asset = await transitionAsset(tx, {
    assetId,
    to: 'deleting',
    set: { deletedAt: sql`now()`, generation: sql`${assets.generation} + 1` },
    event: 'asset.deleting',
    from,
    only,
  })
  if (!asset) {
    if ((from || only) && (await isAlive(tx, assetId))) throw appError('PRECONDITION_FAILED')
    return null
  }
  await noteCdnPurge(tx, assetId)
  await dropObjectsOfAsset(tx, assetId)
  await tx.delete(variants).where(eq(variants.assetId, assetId))
  const job = await insertJob(tx, { asset, name: 'asset.delete', queue: 'system', lane })
  return { asset, job }
}

async function isAlive(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx
    .select({ id: assets.id })
    .from(assets)
    .where(and(eq(assets.id, id), isNull(assets.deletedAt)))
  return row !== undefined
}

/** Gives up every object of an asset, its variants' and its source's. */
export async function dropObjectsOfAsset(tx: Tx, assetId: string): Promise<void> {
  const failed = variantStatus.to('failed')
  await tx
    .update(variants)
    .set({ objectId: null, ...failed.values })
    .where(and(eq(variants.assetId, assetId), failed.guard))
  const [upload] = await tx.select().from(uploads).where(eq(uploads.assetId, assetId))
  const kept = await objectsOfAsset(tx, assetId)
  await doomObjects(
    tx,
    kept.map(object => object.id),
    upload?.presignExpiresAt,
  )
  // What was replaced or dropped a moment ago stays no longer than the rest.
  await tx
    .update(objects)
    .set({
      purgeAt: sql`now()`,
      purgeUntil: sql`CASE WHEN ${objects.purgeUntil} = 'infinity' THEN now() ELSE ${objects.purgeUntil} END`,
    })
    .where(and(eq(objects.assetId, assetId), eq(objects.state, 'doomed'), gt(objects.purgeAt, sql`now()`)))
}

/** Records that the first pass of a deletion removed every object, and how much that was: clients get 410 from now on. */
export async function markAssetPurged(tx: Tx, assetId: string): Promise<void> {
  const [removed] = await tx
    .select({ objects: sql<number>`count(*)::int`, bytes: sql<number>`coalesce(sum(${objects.bytes}), 0)::float8` })
    .from(objects)
    .where(eq(objects.assetId, assetId))
  const update = tx
    .update(assets)
    .set({ purgedAt: sql`now()`, revision: sql`${assets.revision} + 1` })
    .where(and(eq(assets.id, assetId), eq(assets.status, 'deleting'), isNull(assets.purgedAt)))
    .returning()
  await changeWithEvent(tx, update, { type: 'asset.purged', ...(removed && { data: { ...removed } }) })
}

/** Ends a deletion after its second pass, with the receipt of what it removed. */
export async function finishDeletion(tx: Tx, assetId: string): Promise<void> {
  const receipt = sql`(
    SELECT jsonb_build_object(
      'objects', data->'objects', 'bytes', data->'bytes', 'requestedAt', ${isoTime(sql`${assets.deletedAt}`)},
      'firstPassAt', ${isoTime(sql`${assets.purgedAt}`)}, 'secondPassAt', ${isoTime(sql`now()`)})
    FROM events WHERE asset_id = ${assetId} AND type = 'asset.purged' LIMIT 1
  )`
  await transitionAsset(tx, { assetId, to: 'deleted', set: { receipt }, event: 'asset.deleted' })
}

/** Deletes an asset that was found, if it is still what the filter means. @returns whether it did */
export const deleteIfMeant = (db: Database, projectId: string, filter: AssetFilter, id: string): Promise<boolean> =>
  deleteOnly(db, id, fits(projectId, filter))

/** Deletes an asset for which a condition holds at that moment. @returns whether it did */
export async function deleteOnly(db: Database, id: string, only: SQL | undefined): Promise<boolean> {
  try {
    return (await db.transaction(tx => startDeletion(tx, id, { only }))) !== null
  } catch (error) {
    // With it everything of the transaction is undone.
    if (error instanceof AppError && error.code === 'PRECONDITION_FAILED') return false
    throw error
  }
}
