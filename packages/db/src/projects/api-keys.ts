import { newId } from '@darkroom/core'
import { and, asc, eq, gt, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Database, Tx } from '../client/client.ts'
import { type ApiKey, apiKeys, type Project, projects } from '../schema/index.ts'

/** What a new key is made of; its secret is known to nobody but who gets it. */
export interface KeySecret {
  shortId: string
  hash: string
}

export async function insertApiKey(
  tx: Tx,
  key: Pick<ApiKey, 'projectId' | 'shortId' | 'hash' | 'name' | 'scopes'> & Partial<Pick<ApiKey, 'expiresAt'>>,
): Promise<ApiKey> {
  const [row] = await tx
    .insert(apiKeys)
    .values({ id: newId(), ...key })
    .returning()
  if (!row) throw new Error('INSERT returned no row')
  return row
}

/**
 * Inserts the first key of an installation, whoever else tries to at the same time.
 * @returns null when there has ever been a key
 */
export const insertFirstApiKey = (db: Database, key: Parameters<typeof insertApiKey>[1]): Promise<ApiKey | null> =>
  db.transaction(async tx => {
    await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('darkroom.first_key', 0))`)
    const [any] = await tx.select({ id: apiKeys.id }).from(apiKeys).limit(1)
    return any ? null : insertApiKey(tx, key)
  })

/**
 * Checks that a key is valid, without `now()`: a transaction that waited for a rotation began before it, and would
 * still accept the old key.
 */
const works = () =>
  and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`clock_timestamp()`)))

export interface FoundKey {
  key: ApiKey
  /** Null for an operator's. */
  project: Project | null
  /** How long it still works, by the database's clock; null when it has no end. */
  remainingMs: number | null
}

/**
 * Finds the key with this public part and its project, unless it is revoked or expired. The caller compares the hash.
 */
export async function findApiKey(tx: Tx, shortId: string): Promise<FoundKey | null> {
  const remainingMs = sql<number | null>`(extract(epoch FROM ${apiKeys.expiresAt} - now()) * 1000)::float8`
  const [row] = await tx
    .select({ key: apiKeys, project: projects, remainingMs })
    .from(apiKeys)
    .leftJoin(projects, eq(projects.id, apiKeys.projectId))
    .where(and(eq(apiKeys.shortId, shortId), works()))
  return row ?? null
}

/** Lists every key, or the keys of one project. */
export const listApiKeys = (tx: Tx, projectId?: string): Promise<ApiKey[]> =>
  tx
    .select()
    .from(apiKeys)
    .where(projectId === undefined ? undefined : eq(apiKeys.projectId, projectId))
    .orderBy(asc(apiKeys.id))

/** Lists keys of all projects and of operators, the oldest first; with `shortId` only the one with this public part. */
export const listEveryApiKey = (
  tx: Tx,
  { shortId, after, limit }: { shortId: string | undefined; after: string | null; limit: number },
): Promise<ApiKey[]> =>
  tx
    .select()
    .from(apiKeys)
    .where(
      and(
        after === null ? undefined : gt(apiKeys.id, after),
        shortId === undefined ? undefined : eq(apiKeys.shortId, shortId),
      ),
    )
    .orderBy(asc(apiKeys.id))
    .limit(limit)

/** Names one key by its id or its public part; with `projectId` only one of that project. */
export type KeyName = ({ id: string } | { shortId: string }) & { projectId?: string | undefined }

function named(name: KeyName): SQL | undefined {
  const isIt = 'id' in name ? eq(apiKeys.id, name.id) : eq(apiKeys.shortId, name.shortId)
  return and(isIt, name.projectId === undefined ? undefined : eq(apiKeys.projectId, name.projectId))
}

export async function getApiKey(tx: Tx, name: KeyName): Promise<ApiKey | null> {
  const [row] = await tx.select().from(apiKeys).where(named(name))
  return row ?? null
}

/**
 * Revokes a key.
 * @returns the key; null when no valid key has this name
 */
export async function revokeApiKey(tx: Tx, name: KeyName): Promise<ApiKey | null> {
  const [revoked] = await tx
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(named(name), works()))
    .returning()
  return revoked ?? null
}

/**
 * Puts a key in the place of another, with its project, name and scopes; the old one works for `overlapSec` more seconds,
 * but not beyond its own end.
 * @returns the new key; null when there is none of this name that still works
 */
export async function rotateApiKey(
  tx: Tx,
  name: KeyName,
  { shortId, hash, overlapSec }: KeySecret & { overlapSec: number },
): Promise<ApiKey | null> {
  const [old] = await tx
    .select()
    .from(apiKeys)
    .where(and(named(name), works()))
    .for('update')
  if (!old) return null
  await tx
    .update(apiKeys)
    .set({ expiresAt: sql`least(${apiKeys.expiresAt}, now() + make_interval(secs => ${overlapSec}))` })
    .where(eq(apiKeys.id, old.id))
  const { projectId, name: label, scopes, expiresAt } = old
  return insertApiKey(tx, { projectId, name: label, scopes, expiresAt, shortId, hash })
}

/** Records that a key was used just now. */
export async function touchApiKey(tx: Tx, id: string): Promise<void> {
  await tx.update(apiKeys).set({ lastUsedAt: sql`now()` }).where(eq(apiKeys.id, id))
}
