import { newId } from '@darkroom/core'
import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { type BucketImportObject, type BucketImportRow, bucketImportObjects, bucketImports } from '../schema/index.ts'

export type BucketObjectId = Pick<BucketImportObject, 'importId' | 'key' | 'etag'>

type Walk = Pick<BucketImportRow, 'projectId' | 'endpoint' | 'bucket' | 'prefix'>

const isSource = ({ projectId, endpoint, bucket }: Omit<Walk, 'prefix'>) =>
  and(eq(bucketImports.projectId, projectId), eq(bucketImports.endpoint, endpoint), eq(bucketImports.bucket, bucket))

/** Finds the import of a bucket into a project. */
export async function findBucketImport(tx: Tx, source: Omit<Walk, 'prefix'>): Promise<BucketImportRow | null> {
  const [row] = await tx.select().from(bucketImports).where(isSource(source))
  return row ?? null
}

/** Begins the walk of a bucket, or goes on with the one that did not come to its end. */
export async function openBucketImport(tx: Tx, walk: Walk): Promise<BucketImportRow> {
  const goesOn = sql`${bucketImports.prefix} = ${walk.prefix} AND ${bucketImports.walkedAt} IS NULL`
  const [row] = await tx
    .insert(bucketImports)
    .values({ id: newId(), ...walk })
    .onConflictDoUpdate({
      target: [bucketImports.projectId, bucketImports.endpoint, bucketImports.bucket],
      set: {
        prefix: walk.prefix,
        cursor: sql`CASE WHEN ${goesOn} THEN ${bucketImports.cursor} END`,
        startedAt: sql`CASE WHEN ${goesOn} THEN ${bucketImports.startedAt} ELSE now() END`,
        walkedAt: null,
      },
    })
    .returning()
  if (!row) throw new Error('an upsert returned no row')
  return row
}

/** Only the walk that is under way: one of another prefix, which began since, has a cursor of its own. */
const isWalk = ({ id, prefix, startedAt }: BucketImportRow) =>
  and(eq(bucketImports.id, id), eq(bucketImports.prefix, prefix), eq(bucketImports.startedAt, startedAt))

/** Records that every object up to a key has its row, unless another walk began since. */
export async function advanceBucketImport(tx: Tx, walk: BucketImportRow, cursor: string): Promise<void> {
  await tx.update(bucketImports).set({ cursor }).where(isWalk(walk))
}

/** Records that the walk came to its end: the next one begins anew, and finds what is new. Does nothing if another walk began since. */
export async function endBucketImport(tx: Tx, walk: BucketImportRow): Promise<void> {
  await tx.update(bucketImports).set({ cursor: null, walkedAt: sql`now()` }).where(isWalk(walk))
}

/** Finds the rows of objects of these keys. */
export async function findBucketObjects(
  tx: Tx,
  importId: string,
  keys: readonly string[],
): Promise<BucketImportObject[]> {
  if (keys.length === 0) return []
  return tx
    .select()
    .from(bucketImportObjects)
    .where(and(eq(bucketImportObjects.importId, importId), inArray(bucketImportObjects.key, [...keys])))
}

/** Lists objects under a prefix that are no asset yet, by key: those that failed, and those that a run left when it died. */
export const findOpenBucketObjects = (
  tx: Tx,
  { importId, prefix, after, limit }: { importId: string; prefix: string; after: string | null; limit: number },
): Promise<BucketImportObject[]> =>
  tx
    .select()
    .from(bucketImportObjects)
    .where(
      and(
        eq(bucketImportObjects.importId, importId),
        isNull(bucketImportObjects.importedAt),
        sql`starts_with(${bucketImportObjects.key}, ${prefix})`,
        after === null ? undefined : gt(bucketImportObjects.key, after),
      ),
    )
    .orderBy(asc(bucketImportObjects.key))
    .limit(limit)

/**
 * Gives an object to an upload, in the transaction that makes it.
 * @param from the upload that it had; null without one
 * @returns false when another run was faster: then this upload must not be made
 */
export async function claimBucketObject(
  tx: Tx,
  id: BucketObjectId,
  { from, uploadId, assetId }: { from: string | null; uploadId: string; assetId: string },
): Promise<boolean> {
  const rows = await tx
    .insert(bucketImportObjects)
    .values({ ...id, uploadId, assetId })
    .onConflictDoUpdate({
      target: [bucketImportObjects.importId, bucketImportObjects.key, bucketImportObjects.etag],
      set: { uploadId, assetId, error: null },
      setWhere: sql`${bucketImportObjects.importedAt} IS NULL
        AND ${bucketImportObjects.uploadId} IS NOT DISTINCT FROM ${from}::uuid`,
    })
    .returning({ key: bucketImportObjects.key })
  return rows.length > 0
}

const isObject = ({ importId, key, etag }: BucketObjectId) =>
  and(eq(bucketImportObjects.importId, importId), eq(bucketImportObjects.key, key), eq(bucketImportObjects.etag, etag))

/** Records that the upload of an object was confirmed. */
export async function markBucketObjectImported(tx: Tx, id: BucketObjectId): Promise<void> {
  await tx.update(bucketImportObjects).set({ importedAt: sql`now()`, error: null }).where(isObject(id))
}

/** Records why an object is no asset. */
export async function markBucketObjectFailed(
  tx: Tx,
  id: BucketObjectId,
  error: { code: string; message: string },
): Promise<void> {
  await tx
    .insert(bucketImportObjects)
    .values({ ...id, error })
    .onConflictDoUpdate({
      target: [bucketImportObjects.importId, bucketImportObjects.key, bucketImportObjects.etag],
      set: { error },
      setWhere: sql`${bucketImportObjects.importedAt} IS NULL`,
    })
}

/** Forgets an object that is not in the bucket any more. */
export async function forgetBucketObject(tx: Tx, id: BucketObjectId): Promise<void> {
  await tx.delete(bucketImportObjects).where(and(isObject(id), isNull(bucketImportObjects.importedAt)))
}
