import type { QueueName } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { doomUnpublished, insertObjects } from '@darkroom/db/assets'
import type { Database } from '@darkroom/db/client'
import { checkRoom, findProject } from '@darkroom/db/projects'
import { assets, imports, uploads } from '@darkroom/db/schema'
import { confirmUpload } from '@darkroom/db/uploads'
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { assertHeld, fenced, type Lease, leaseLost } from './fence.ts'
import { endJob, type RunEnd } from './settle.ts'

/**
 * Records the object that a run is going to write, before its first byte. What earlier runs left of theirs is given up.
 * @returns its id
 * @throws LEASE_LOST
 */
export function reserveImport(
  db: Database,
  lease: Lease,
  target: { bucket: string; key: string; contentType: string },
): Promise<string> {
  const { projectId, assetId, leaseToken } = lease
  const id = newId()
  return fenced(db, lease, async tx => {
    await doomUnpublished(tx, assetId)
    await insertObjects(tx, [{ id, projectId, assetId, leaseToken, ...target }])
    return id
  })
}

/** The bytes of an import, in the store. */
export interface ImportedBytes {
  objectId: string
  versionId: string | null
  etag: string
  byteSize: number
  sha256: string
  contentType: string
  queue: QueueName
}

/** For the row's sake: what is confirmed in the transaction that makes it cannot expire. */
const OPEN_FOR = sql`now() + interval '1 hour'`

/**
 * Ends an import whose bytes are in the store: from here on they are an upload that was confirmed, and the job that processes
 * it is made. One transaction, fenced.
 * @throws LEASE_LOST; QUOTA_EXCEEDED, and then nothing was written
 */
export function completeImport(db: Database, lease: Lease, bytes: ImportedBytes, end: RunEnd): Promise<void> {
  const { projectId, assetId } = lease
  const { objectId, byteSize, sha256, contentType } = bytes
  return db.transaction(async tx => {
    const project = await findProject(tx, projectId)
    if (project) await checkRoom(tx, project, byteSize)
    // In the order of `lockJobs`: a deletion that comes meanwhile waits for the job that is made here.
    const [source] = await tx
      .update(imports)
      .set({ url: null, arrivedAt: sql`now()` })
      .where(and(eq(imports.assetId, assetId), isNotNull(imports.url)))
      .returning({ assetId: imports.assetId })
    if (!source) throw leaseLost(lease)
    await assertHeld(tx, lease)
    // First, because an asset has one active job.
    await endJob(tx, lease, 'succeeded', end)
    const [asset] = await tx
      .update(assets)
      .set({ contentType, byteSize })
      .where(and(eq(assets.id, assetId), eq(assets.generation, lease.generation), isNull(assets.deletedAt)))
      .returning({ id: assets.id })
    const [upload] = await tx
      .insert(uploads)
      .values({
        id: newId(),
        projectId,
        assetId,
        objectId,
        contentType,
        byteSize,
        sha256,
        // No URL was ever signed for it.
        presignExpiresAt: sql`now()`,
        expiresAt: OPEN_FOR,
      })
      .returning()
    const confirmed = asset && upload && (await confirmUpload(tx, { upload, bytes, by: 'import' }))
    if (!confirmed) throw leaseLost(lease)
  })
}
