import { newId } from '@darkroom/core'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { apiKeys } from '../schema/index.ts'

export type ApiKey = typeof apiKeys.$inferSelect

export async function insertApiKey(
  tx: Tx,
  key: Pick<ApiKey, 'projectId' | 'shortId' | 'hash' | 'name' | 'scopes'>,
): Promise<ApiKey> {
  const [row] = await tx
    .insert(apiKeys)
    .values({ id: newId(), ...key })
    .returning()
  if (!row) throw new Error('INSERT returned no row')
  return row
}

/** The key with this public part, unless it is revoked. The caller compares the hash. */
export async function findApiKey(tx: Tx, shortId: string): Promise<ApiKey | null> {
  const [row] = await tx
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.shortId, shortId), isNull(apiKeys.revokedAt)))
  return row ?? null
}

export const listApiKeys = (tx: Tx): Promise<ApiKey[]> => tx.select().from(apiKeys).orderBy(asc(apiKeys.id))

/** True when a key was revoked, false when there is none with this id that still works. */
export async function revokeApiKey(tx: Tx, shortId: string): Promise<boolean> {
  const rows = await tx
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.shortId, shortId), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id })
  return rows.length > 0
}

/** Records that a key was used just now. */
export async function touchApiKey(tx: Tx, id: string): Promise<void> {
  await tx.update(apiKeys).set({ lastUsedAt: sql`now()` }).where(eq(apiKeys.id, id))
}
