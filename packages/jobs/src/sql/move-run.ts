import type { ResourceError } from '@darkroom/contracts'
import { doomUnpublished, insertObjects, noteCdnPurgeOfMove } from '@darkroom/db/assets'
import type { Database, Tx } from '@darkroom/db/client'
import { raiseAlarm } from '@darkroom/db/operations'
import { isPrivateProject } from '@darkroom/db/projects'
import { objects, type StoredObject, variantStatus, variants } from '@darkroom/db/schema'
import { and, eq, sql } from 'drizzle-orm'
import { changeAssetOfRun, fenced, type Lease } from './fence.ts'
import { endJob, type RunEnd } from './settle.ts'

/** A published file, and the object to be written in its place. */
export interface PlannedMove {
  name: string
  from: StoredObject
  to: StoredObject
}

/**
 * Records where every file of an asset that lies in one bucket is going to be in another, before the first byte is
 * written. Nothing when the project is no longer private.
 * @throws LEASE_LOST
 */
export const planMove = (
  db: Database,
  lease: Lease,
  { fromBucket, toBucket, mintKey }: { fromBucket: string; toBucket: string; mintKey(key: string): string },
): Promise<PlannedMove[]> =>
  fenced(db, lease, async tx => {
    const { projectId, assetId, leaseToken } = lease
    await doomUnpublished(tx, assetId)
    if (!(await isPrivateProject(tx, projectId))) return []
    const published = await tx
      .select({ name: variants.name, from: objects })
      .from(variants)
      .innerJoin(objects, eq(objects.id, variants.objectId))
      .where(and(eq(variants.assetId, assetId), eq(objects.bucket, fromBucket), eq(objects.state, 'live')))
    const planned = await Promise.all(
      published.map(async ({ name, from }) => {
        const place = { projectId, assetId, bucket: toBucket, key: mintKey(from.key) }
        const [to] = await insertObjects(tx, [{ ...place, leaseToken, contentType: from.contentType }])
        return to ? [{ name, from, to }] : []
      }),
    )
    return planned.flat()
  })

export interface MovedFile {
  name: string
  fromId: string
  toId: string
  versionId: string | null
  etag: string
  byteSize: number
  sha256: string | null
}

/** A published file that cannot be copied, and why. */
export interface LostFile {
  name: string
  fromId: string
  error: ResourceError
}

/**
 * Ends a move: publishes the copies in the place of what they were copied from, which is given up at once, with what was
 * replaced a moment ago, what is lost, and what a CDN has kept of it. One transaction with the end of the job.
 * @throws LEASE_LOST
 */
export const finishMove = (
  db: Database,
  lease: Lease,
  { files, lost, fromBucket }: { files: MovedFile[]; lost: LostFile[]; fromBucket: string },
  end: RunEnd,
): Promise<void> =>
  fenced(db, lease, async tx => {
    const { assetId } = lease
    await tx.execute(sql`
      WITH moved AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(files)}::jsonb) AS moved (
          name text, "fromId" uuid, "toId" uuid, "versionId" text, etag text, "byteSize" bigint, sha256 text
        )
      ), live AS (
        UPDATE objects SET state = 'live', version_id = "versionId", etag = moved.etag, bytes = "byteSize", sha256 = moved.sha256
        FROM moved WHERE objects.id = "toId"
      )
      UPDATE variants SET object_id = "toId", byte_size = "byteSize", sha256 = moved.sha256
      FROM moved WHERE variants.asset_id = ${assetId} AND variants.name = moved.name AND object_id = "fromId"`)
    await noteCdnPurgeOfMove(tx, assetId, fromBucket)
    await tx.execute(sql`
      UPDATE objects SET state = 'doomed', purge_at = now(), purge_until = coalesce(purge_until, now())
      WHERE asset_id = ${assetId} AND bucket = ${fromBucket}`)
    await failLost(tx, lease, lost)
    const { status } = await changeAssetOfRun(tx, lease, { event: 'asset.moved' })
    if (lost.length > 0 && status === 'ready')
      await changeAssetOfRun(tx, lease, { to: 'partial', event: 'asset.partial' })
    await endJob(tx, lease, 'succeeded', end)
  })

/** Fails the variants whose files are lost, and raises an alarm. A reprocess makes them again. */
async function failLost(tx: Tx, lease: Lease, lost: LostFile[]): Promise<void> {
  const { assetId } = lease
  const failed = variantStatus.to('failed')
  for (const { name, fromId, error } of lost) {
    await tx
      .update(variants)
      .set({ ...failed.values, objectId: null, error })
      .where(and(eq(variants.assetId, assetId), eq(variants.name, name), eq(variants.objectId, fromId), failed.guard))
    await changeAssetOfRun(tx, lease, { event: 'variant.failed', data: { name, code: error.code } })
  }
  if (lost.length === 0) return
  const names = lost.map(({ name, error }) => `${name} (${error.code})`).join(', ')
  const message = `Asset ${assetId} left the public bucket without ${names}; a reprocess makes them again.`
  await raiseAlarm(tx, { code: 'OBJECT_MISSING', subject: assetId, message })
}
