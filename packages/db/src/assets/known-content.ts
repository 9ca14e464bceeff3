import { and, desc, eq, inArray, isNotNull, isNull } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { assets, objects, type StoredObject } from '../schema/index.ts'

/** The verified original of a published asset of the project that has exactly these bytes. */
export async function findOriginalOf(
  tx: Tx,
  projectId: string,
  { sha256, byteSize }: { sha256: string; byteSize: number },
): Promise<StoredObject | null> {
  const [row] = await tx
    .select({ object: objects })
    .from(assets)
    .innerJoin(objects, eq(objects.id, assets.originalObjectId))
    .where(
      and(
        eq(assets.projectId, projectId),
        eq(assets.sha256, sha256),
        eq(assets.byteSize, byteSize),
        inArray(assets.status, ['ready', 'partial']),
        isNull(assets.deletedAt),
        eq(objects.state, 'live'),
        isNotNull(objects.etag),
      ),
    )
    .orderBy(desc(assets.id))
    .limit(1)
  return row?.object ?? null
}
