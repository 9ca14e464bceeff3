import { type AssetStatus, appError, type Lane } from '@darkroom/contracts'
import { and, asc, eq, gt, inArray, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Tx } from '../client.ts'
import { assets, objects, uploads, variants } from '../schema/index.ts'
import { ASSET_TRANSITIONS_TO } from '../transitions.ts'
import { noteCdnPurge } from './cdn-purges.ts'
import { changeWithEvent } from './events.ts'
import { forgetImportUrl, lockImport } from './imports.ts'
import { isoTime } from './iso-time.ts'
import { cancelActiveJobs, insertJob, type JobRow } from './jobs.ts'
import { doomObjects, objectsOfAsset } from './objects.ts'
import type { Revisions } from './patch-asset.ts'

export type AssetRow = typeof assets.$inferSelect
export type AssetChange = Omit<PgUpdateSetSource<typeof assets>, 'status' | 'revision'>

/**
 * Moves an asset to another status, if it is in one from which that is allowed, and appends the event.
 * @returns null when the guard did not hold; nothing was changed then
 */
export async function transitionAsset(
  tx: Tx,
  input: {
    assetId: string
    to: AssetStatus
    set?: AssetChange
    event: string
    data?: Record<string, unknown>
    /** Revisions that it may start from; null or nothing is any. */
    from?: Revisions
    /** What else must hold of it. */
    only?: SQL | undefined
  },
): Promise<AssetRow | null> {
  const isFrom = and(input.from ? inArray(assets.revision, [...input.from]) : undefined, input.only)
  const update = tx
    .update(assets)
    .set({ ...input.set, status: input.to, revision: sql`${assets.revision} + 1` })
    .where(and(eq(assets.id, input.assetId), inArray(assets.status, [...ASSET_TRANSITIONS_TO[input.to]]), isFrom))
    .returning()
  return changeWithEvent(tx, update, { type: input.event, ...(input.data && { data: input.data }) })
}

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
  await tx
    .update(uploads)
    .set({ abortedAt: sql`now()` })
    .where(and(eq(uploads.assetId, assetId), isNull(uploads.abortedAt)))
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

/** Assets whose upload was not confirmed in time. */
export const findExpiredAssets = (tx: Tx, limit: number): Promise<AssetRow[]> =>
  tx
    .select()
    .from(assets)
    .where(and(sql`${assets.status} = 'awaiting_upload'`, lte(assets.expiresAt, sql`now()`)))
    .orderBy(asc(assets.expiresAt))
    .limit(limit)

/**
 * Ends an upload that was not confirmed in time: its object is given up, and its external id is free for another try.
 * Null when it was confirmed after all.
 */
export async function expireAsset(tx: Tx, assetId: string): Promise<AssetRow | null> {
  const [upload] = await tx
    .update(uploads)
    .set({ abortedAt: sql`now()` })
    .where(
      and(
        eq(uploads.assetId, assetId),
        isNull(uploads.confirmedAt),
        isNull(uploads.abortedAt),
        sql`${uploads.expiresAt} <= now()`,
      ),
    )
    .returning()
  if (!upload) return null
  const asset = await transitionAsset(tx, { assetId, to: 'expired', set: { externalId: null }, event: 'asset.expired' })
  if (!asset) throw new Error(`asset ${assetId} of an open upload is not awaiting it`)
  await doomObjects(tx, [upload.objectId], upload.presignExpiresAt)
  return asset
}

/** Failed assets whose source has been kept long enough. */
export const findExpiredSources = (tx: Tx, limit: number): Promise<AssetRow[]> =>
  tx
    .select()
    .from(assets)
    .where(and(eq(assets.status, 'failed'), lte(assets.sourceExpiresAt, sql`now()`)))
    .orderBy(asc(assets.sourceExpiresAt))
    .limit(limit)

/** Gives up every object of a failed asset; from now on it cannot be requeued. */
export async function dropSource(tx: Tx, assetId: string): Promise<void> {
  await lockImport(tx, assetId)
  const update = tx
    .update(assets)
    .set({ originalObjectId: null, sourceExpiresAt: null, revision: sql`${assets.revision} + 1` })
    .where(and(eq(assets.id, assetId), eq(assets.status, 'failed'), lte(assets.sourceExpiresAt, sql`now()`)))
    .returning()
  if (!(await changeWithEvent(tx, update, { type: 'asset.source_dropped' }))) return
  await forgetImportUrl(tx, assetId)
  await dropObjectsOfAsset(tx, assetId)
}

/** Gives up every object of an asset, its variants' and its source's. */
export async function dropObjectsOfAsset(tx: Tx, assetId: string): Promise<void> {
  await tx.update(variants).set({ objectId: null, status: 'failed' }).where(eq(variants.assetId, assetId))
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
