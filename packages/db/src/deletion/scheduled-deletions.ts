import { and, asc, isNull, lte, sql } from 'drizzle-orm'
import type { Database, Tx } from '../client/client.ts'
import { assets } from '../schema/index.ts'
import { deleteOnly } from './delete-asset.ts'

const isDue = and(lte(assets.deleteAt, sql`now()`), isNull(assets.deletedAt))

/** Finds assets whose deletion is due, those that waited longest first. */
export const findDueAssets = (tx: Tx, limit: number): Promise<{ id: string }[]> =>
  tx.select({ id: assets.id }).from(assets).where(isDue).orderBy(asc(assets.deleteAt)).limit(limit)

/** Deletes an asset that nobody restored meanwhile. @returns whether it did */
export const deleteIfDue = (db: Database, id: string): Promise<boolean> => deleteOnly(db, id, isDue)
