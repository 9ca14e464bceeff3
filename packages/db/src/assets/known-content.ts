import { and, desc, eq, inArray, isNotNull, isNull, or } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { assets, objects, type StoredObject, takedowns } from '../schema/index.ts'

/** Finds the verified original of a published asset of the project with exactly these bytes. */
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

/** Tells whether content must not be published in a project. */
export async function isContentBlocked(tx: Tx, projectId: string, sha256: string): Promise<boolean> {
  const appliesHere = or(eq(takedowns.projectId, projectId), takedowns.isEverywhere)
  const [row] = await tx
    .select({ id: takedowns.id })
    .from(takedowns)
    .where(and(eq(takedowns.sha256, sha256), appliesHere, isNull(takedowns.liftedAt)))
    .limit(1)
  return row !== undefined
}
