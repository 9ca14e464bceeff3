import { newId } from '@darkroom/core'
import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { type AssetRow, assets, type Project, projects, type ShareRow, shares } from '../schema/index.ts'

/** This many links of one asset can be open at once. */
export const MAX_SHARES = 100

/** Makes a link; null when the asset has as many as it may, or was deleted meanwhile. */
export async function createShare(
  tx: Tx,
  input: Pick<ShareRow, 'projectId' | 'assetId' | 'tokenHash' | 'variant' | 'expiresAt' | 'maxDownloads'>,
): Promise<ShareRow | null> {
  // Locked, so that two at once do not both find room for one more.
  const [asset] = await tx
    .select({
      open: sql<number>`(SELECT count(*)::int FROM shares WHERE asset_id = ${input.assetId} AND revoked_at IS NULL)`,
    })
    .from(assets)
    .where(and(eq(assets.id, input.assetId), eq(assets.projectId, input.projectId), isNull(assets.deletedAt)))
    .for('update')
  if (!asset || asset.open >= MAX_SHARES) return null
  const [share] = await tx
    .insert(shares)
    .values({ id: newId(), ...input })
    .returning()
  if (!share) throw new Error('INSERT returned no row')
  return share
}

export async function getShare(
  tx: Tx,
  { projectId, assetId, id }: { projectId: string; assetId: string; id: string },
): Promise<ShareRow | null> {
  const [share] = await tx
    .select()
    .from(shares)
    .where(and(eq(shares.projectId, projectId), eq(shares.assetId, assetId), eq(shares.id, id)))
  return share ?? null
}

/** Links of an asset, the newest first. */
export const listShares = (tx: Tx, projectId: string, assetId: string): Promise<ShareRow[]> =>
  tx
    .select()
    .from(shares)
    .where(and(eq(shares.projectId, projectId), eq(shares.assetId, assetId)))
    .orderBy(desc(shares.id))
    .limit(1000)

/** Ends a link at once; false when the asset has none with this id. Ended twice is fine. */
export async function revokeShare(
  tx: Tx,
  { projectId, assetId, id }: { projectId: string; assetId: string; id: string },
): Promise<boolean> {
  const rows = await tx
    .update(shares)
    .set({ revokedAt: sql`coalesce(${shares.revokedAt}, now())` })
    .where(and(eq(shares.projectId, projectId), eq(shares.assetId, assetId), eq(shares.id, id)))
    .returning({ id: shares.id })
  return rows.length > 0
}

export interface SharedAsset {
  share: ShareRow
  asset: AssetRow
  project: Project
  /** By the database's clock. */
  isOpen: boolean
}

const IS_OPEN = sql<boolean>`(
  ${shares.revokedAt} IS NULL AND coalesce(${shares.expiresAt} > now(), true)
  AND coalesce(${shares.downloads} < ${shares.maxDownloads}, true)
)`

/** Finds the share of a token in any project: the token alone gives access. */
export async function findShare(tx: Tx, tokenHash: string): Promise<SharedAsset | null> {
  const [row] = await tx
    .select({ share: shares, asset: assets, project: projects, isOpen: IS_OPEN })
    .from(shares)
    .innerJoin(assets, eq(assets.id, shares.assetId))
    .innerJoin(projects, eq(projects.id, shares.projectId))
    .where(eq(shares.tokenHash, tokenHash))
  return row ?? null
}

/** Counts one use of a link, if it has one left. */
export async function countDownload(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx
    .update(shares)
    .set({ downloads: sql`${shares.downloads} + 1` })
    .where(and(eq(shares.id, id), IS_OPEN))
    .returning({ id: shares.id })
  return rows.length > 0
}
