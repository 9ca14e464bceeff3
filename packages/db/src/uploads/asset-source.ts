import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { type AssetRow, objects, projects, type StoredObject, type Upload, uploads } from '../schema/index.ts'

/** Where the bytes of an asset are, and the upload that brought them. */
export interface AssetSource {
  upload: Upload
  object: StoredObject
  /** Whether they lie where no client can write. */
  isPromoted: boolean
  /** What its project has set of media types. */
  rules: { detectTypeByContent: boolean; allowedTypes: readonly string[] | null }
}

/** Finds the original of an asset, or the object that the client wrote while there is none. */
export async function sourceOfAsset(
  tx: Tx,
  { id, originalObjectId }: Pick<AssetRow, 'id' | 'originalObjectId'>,
): Promise<AssetSource | null> {
  const [row] = await tx
    .select({
      upload: uploads,
      object: objects,
      rules: { detectTypeByContent: projects.detectTypeByContent, allowedTypes: projects.allowedTypes },
    })
    .from(uploads)
    .innerJoin(projects, eq(projects.id, uploads.projectId))
    .innerJoin(objects, eq(objects.id, originalObjectId === null ? uploads.objectId : sql`${originalObjectId}`))
    .where(and(eq(uploads.assetId, id), isNull(uploads.abortedAt)))
  return row ? { ...row, isPromoted: originalObjectId !== null } : null
}
