import { and, asc, eq, lte, sql } from 'drizzle-orm'
import { transitionAsset } from '../assets/asset-transitions.ts'
import { doomObjects, objectsOfAsset } from '../assets/objects.ts'
import type { Tx } from '../client/client.ts'
import { type AssetRow, assets, type Upload, uploadStatus, uploads } from '../schema/index.ts'
import { startDeletion } from './delete-asset.ts'

const { aborted } = uploadStatus

/** Finds assets whose upload was not confirmed in time. */
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
    .set(aborted.values)
    .where(and(eq(uploads.assetId, assetId), aborted.guard, sql`${uploads.expiresAt} <= now()`))
    .returning()
  if (!upload) return null
  const asset = await transitionAsset(tx, { assetId, to: 'expired', set: { externalId: null }, event: 'asset.expired' })
  if (!asset) throw new Error(`asset ${assetId} of an open upload is not awaiting it`)
  // Its own, and what an upload by tus has beside it.
  const left = await objectsOfAsset(tx, assetId)
  await doomObjects(
    tx,
    left.map(({ id }) => id),
    upload.presignExpiresAt,
  )
  return asset
}

/**
 * Gives up an upload that nobody confirmed, and with it its asset; one transaction, one winner.
 * @returns false when it was confirmed or given up in the meantime: read it again
 */
export async function abortUpload(tx: Tx, upload: Upload): Promise<boolean> {
  const [won] = await tx
    .update(uploads)
    .set(aborted.values)
    .where(and(eq(uploads.id, upload.id), aborted.guard))
    .returning({ id: uploads.id })
  if (!won) return false
  await startDeletion(tx, upload.assetId)
  return true
}
