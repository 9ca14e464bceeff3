import { and, desc, eq, inArray, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
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

/** Returns which of these contents an asset of the project may have a verified original of: a hint, before `findOriginalOf` looks. */
export async function findKnownContent(tx: Tx, projectId: string, sha256s: readonly string[]): Promise<Set<string>> {
  if (sha256s.length === 0) return new Set()
  const rows = await tx
    .selectDistinct({ sha256: assets.sha256 })
    .from(assets)
    .where(and(isOneOf(assets.sha256, sha256s), eq(assets.projectId, projectId), isNull(assets.deletedAt)))
  return new Set(rows.flatMap(({ sha256 }) => sha256 ?? []))
}

/** Returns which of these contents must not be published in a project. */
export async function findBlockedContent(tx: Tx, projectId: string, sha256s: readonly string[]): Promise<Set<string>> {
  if (sha256s.length === 0) return new Set()
  const appliesHere = or(eq(takedowns.projectId, projectId), takedowns.isEverywhere)
  const rows = await tx
    .selectDistinct({ sha256: takedowns.sha256 })
    .from(takedowns)
    .where(and(isOneOf(takedowns.sha256, sha256s), appliesHere, isNull(takedowns.liftedAt)))
  return new Set(rows.flatMap(({ sha256 }) => sha256 ?? []))
}

/** Tells whether content must not be published in a project. */
export const isContentBlocked = async (tx: Tx, projectId: string, sha256: string): Promise<boolean> =>
  (await findBlockedContent(tx, projectId, [sha256])).size > 0

/** Compares with many hashes as one parameter, so that the statement is the same for any number. */
const isOneOf = (column: PgColumn, sha256s: readonly string[]): SQL =>
  sql`${column} = ANY(${`{${sha256s.join(',')}}`}::text[])`
