import { newId } from '@darkroom/core'
import { and, eq, ne, sql } from 'drizzle-orm'
import { insertObjects, type NewObject } from '../assets/objects.ts'
import type { Database, Tx } from '../client/client.ts'
import { objects, type StoredObject, type TusUpload, tusUploads, uploads } from '../schema/index.ts'

/** Reads how far an upload by tus got, and where the bytes after its last whole part are; null for any other upload. */
export async function findTusUpload(
  tx: Tx,
  uploadId: string,
): Promise<{ tus: TusUpload; rest: StoredObject | null } | null> {
  const [row] = await tx
    .select({ tus: tusUploads, rest: objects })
    .from(tusUploads)
    .leftJoin(objects, eq(objects.id, tusUploads.restObjectId))
    .where(eq(tusUploads.uploadId, uploadId))
  return row ?? null
}

const until = (leaseSec: number) => sql`now() + make_interval(secs => ${leaseSec})`

/**
 * Makes a request the only one that writes an upload, for so many seconds. The row is the lock, so it holds over any number of
 * processes, and one that dies loses it.
 * @returns its token; null while somebody else writes
 */
export async function takeWriter(tx: Tx, uploadId: string, leaseSec: number): Promise<string | null> {
  const [row] = await tx
    .update(tusUploads)
    .set({ writerToken: newId(), writerUntil: until(leaseSec), writerWanted: false })
    .where(
      and(
        eq(tusUploads.uploadId, uploadId),
        sql`(${tusUploads.writerUntil} IS NULL OR ${tusUploads.writerUntil} <= now())`,
      ),
    )
    .returning({ token: tusUploads.writerToken })
  return row?.token ?? null
}

/** Asks the request that writes to keep what it has and end: it may be one of a connection that the client has long lost. */
export async function askWriterToEnd(tx: Tx, uploadId: string): Promise<void> {
  await tx.update(tusUploads).set({ writerWanted: true }).where(eq(tusUploads.uploadId, uploadId))
}

const isWriter = (uploadId: string, token: string) =>
  and(eq(tusUploads.uploadId, uploadId), eq(tusUploads.writerToken, token))

/** Prolongs the time of a writer. @returns whether somebody waits for it to end; null when it is the writer no more */
export async function renewWriter(
  tx: Tx,
  { uploadId, token, leaseSec }: { uploadId: string; token: string; leaseSec: number },
): Promise<{ isWanted: boolean } | null> {
  const [row] = await tx
    .update(tusUploads)
    .set({ writerUntil: until(leaseSec) })
    .where(isWriter(uploadId, token))
    .returning({ isWanted: tusUploads.writerWanted })
  return row ?? null
}

export async function releaseWriter(tx: Tx, { uploadId, token }: { uploadId: string; token: string }): Promise<void> {
  await tx.update(tusUploads).set({ writerToken: null, writerUntil: null }).where(isWriter(uploadId, token))
}

/** Records the object for the bytes after the last whole part, before they are written. */
export async function insertRest(tx: Tx, object: NewObject): Promise<StoredObject> {
  const [row] = await insertObjects(tx, [object])
  if (!row) throw new Error('an insert returned no row')
  return row
}

/** When nobody writes a key any more: it is purged once, at once. */
const NOW = { state: 'doomed', purgeAt: sql`now()`, purgeUntil: sql`now()` } as const

async function dropRest(tx: Tx, objectId: string): Promise<void> {
  await tx
    .update(objects)
    .set(NOW)
    .where(and(eq(objects.id, objectId), ne(objects.state, 'doomed')))
}

export interface Received {
  uploadId: string
  /** Of the writer. */
  token: string
  receivedBytes: number
  /** Where the bytes after the last whole part are now; null when there are none. */
  rest: { objectId: string; versionId: string | null; etag: string; byteSize: number } | null
}

/**
 * Records what the store has of an upload, and gives up the rest of before.
 * @returns false when the request is the writer no more, or the upload has ended: then nothing was changed
 */
export function recordReceived(db: Database, { uploadId, token, receivedBytes, rest }: Received): Promise<boolean> {
  return db.transaction(async tx => {
    const [before] = await tx
      .select({ restObjectId: tusUploads.restObjectId })
      .from(tusUploads)
      .innerJoin(uploads, eq(uploads.id, tusUploads.uploadId))
      .where(and(isWriter(uploadId, token), sql`${uploads.confirmedAt} IS NULL AND ${uploads.abortedAt} IS NULL`))
      // Both: neither a confirm nor an end comes between.
      .for('update')
    if (!before) return false
    await tx
      .update(tusUploads)
      .set({ receivedBytes, restObjectId: rest?.objectId ?? null })
      .where(eq(tusUploads.uploadId, uploadId))
    if (rest) {
      const { objectId, versionId, etag, byteSize } = rest
      await tx.update(objects).set({ versionId, etag, bytes: byteSize }).where(eq(objects.id, objectId))
    }
    if (before.restObjectId) await dropRest(tx, before.restObjectId)
    return true
  })
}
