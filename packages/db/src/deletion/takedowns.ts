import { newId } from '@darkroom/core'
import { and, desc, eq, isNotNull, isNull, lt, ne, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { changeWithEvent } from '../events/events.ts'
import { type AssetRow, assets, jobs, type TakedownRow, takedowns } from '../schema/index.ts'
import { startDeletion } from './delete-asset.ts'

export async function findTakedown(tx: Tx, assetId: string): Promise<TakedownRow | null> {
  const [row] = await tx.select().from(takedowns).where(eq(takedowns.assetId, assetId))
  return row ?? null
}

/**
 * Takes an asset down: nobody sees it from this commit on, its deletion is under way, and its content is refused. Once
 * more changes nothing, but that it may come to apply everywhere. One that was lifted stands again, as far as it is asked
 * for now: what an operator lifted everywhere, a project gets back for itself alone. The asset may have been deleted before.
 */
export async function takeDown(
  tx: Tx,
  { asset, isEverywhere, reason }: { asset: AssetRow; isEverywhere: boolean; reason: string },
): Promise<TakedownRow> {
  const { id: assetId, projectId } = asset
  await startDeletion(tx, assetId)
  const update = tx
    .update(assets)
    .set({ takenDownAt: sql`now()`, revision: sql`${assets.revision} + 1` })
    .where(and(eq(assets.id, assetId), isNull(assets.takenDownAt)))
    .returning()
  await changeWithEvent(tx, update, { type: 'asset.taken_down' })
  const sha256 = await contentOf(tx, assetId)
  const [row] = await tx
    .insert(takedowns)
    .values({ id: newId(), projectId, assetId, sha256, isEverywhere, reason })
    .onConflictDoUpdate({
      target: takedowns.assetId,
      set: {
        isEverywhere: sql`${takedowns.isEverywhere} AND ${takedowns.liftedAt} IS NULL OR excluded.is_everywhere`,
        liftedAt: null,
        liftedBy: null,
        liftReason: null,
      },
    })
    .returning()
  if (!row) throw new Error('INSERT returned no row')
  return row
}

/**
 * Lets the content of a takedown be taken again. The asset stays deleted. The first to lift it is kept.
 * @returns null when there is no such takedown
 */
export async function liftTakedown(
  tx: Tx,
  { id, by, reason }: { id: string; by: string; reason: string },
): Promise<TakedownRow | null> {
  const [lifted] = await tx
    .update(takedowns)
    .set({ liftedAt: sql`now()`, liftedBy: by, liftReason: reason })
    .where(and(eq(takedowns.id, id), isNull(takedowns.liftedAt)))
    .returning()
  if (!lifted) return getTakedown(tx, id)
  // The row of its asset is gone when the project is.
  const update = tx
    .update(assets)
    .set({ revision: sql`${assets.revision} + 1` })
    .where(eq(assets.id, lifted.assetId))
    .returning()
  await changeWithEvent(tx, update, { type: 'asset.takedown_lifted' })
  return lifted
}

async function getTakedown(tx: Tx, id: string): Promise<TakedownRow | null> {
  const [row] = await tx.select().from(takedowns).where(eq(takedowns.id, id))
  return row ?? null
}

/** Lists a page of takedowns, the newest first, also lifted ones; of one project or of all. */
export function listTakedowns(
  tx: Tx,
  filter: { projectId: string | null; sha256: string | undefined; after: string | null; limit: number },
): Promise<TakedownRow[]> {
  const { projectId, sha256, after, limit } = filter
  return tx
    .select()
    .from(takedowns)
    .where(
      and(
        projectId === null ? undefined : eq(takedowns.projectId, projectId),
        sha256 === undefined ? undefined : eq(takedowns.sha256, sha256),
        after === null ? undefined : lt(takedowns.id, after),
      ),
    )
    .orderBy(desc(takedowns.id))
    .limit(limit)
}

/** Returns the hash of the bytes that a worker read. With a declared hash anybody could have any content refused. */
async function contentOf(tx: Tx, assetId: string): Promise<string | null> {
  const [asset] = await tx.select({ sha256: assets.sha256 }).from(assets).where(eq(assets.id, assetId))
  if (asset?.sha256) return asset.sha256
  const [job] = await tx
    .select({ sha256: jobs.sourceSha256 })
    .from(jobs)
    .where(and(eq(jobs.assetId, assetId), isNotNull(jobs.sourceSha256)))
    .orderBy(desc(jobs.id))
    .limit(1)
  return job?.sha256 ?? null
}

/**
 * Finds other assets with the content of a takedown, where it applies, that are not deleted.
 * @param within the project beyond which the caller sees nothing; null for an operator
 */
export async function findCopies(
  tx: Tx,
  { sha256, projectId, assetId, isEverywhere }: TakedownRow,
  { within, limit }: { within: string | null; limit: number },
): Promise<string[]> {
  if (sha256 === null) return []
  const rows = await tx
    .select({ id: assets.id })
    .from(assets)
    .where(
      and(
        eq(assets.sha256, sha256),
        ne(assets.id, assetId),
        isNull(assets.deletedAt),
        isEverywhere && within === null ? undefined : eq(assets.projectId, within ?? projectId),
      ),
    )
    .limit(limit)
  return rows.map(row => row.id)
}
