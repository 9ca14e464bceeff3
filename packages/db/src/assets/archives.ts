import { newId } from '@darkroom/core'
import { and, eq, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import {
  type ArchiveRow,
  archives,
  assets,
  objects,
  type Project,
  projects,
  type StoredObject,
  variants,
} from '../schema/index.ts'

/** How long the row of an archive stays after its end, so that its URL is told apart from one that never was. */
const KEPT = sql.raw("interval '1 day'")

export async function createArchive(
  tx: Tx,
  { ttlSec, ...input }: Omit<ArchiveRow, 'id' | 'expiresAt'> & { ttlSec: number },
): Promise<ArchiveRow> {
  const [row] = await tx
    .insert(archives)
    .values({ id: newId(), ...input, expiresAt: sql`now() + make_interval(secs => ${ttlSec})` })
    .returning()
  if (!row) throw new Error('INSERT returned no row')
  return row
}

/** Finds the archive of a token in any project: the token alone gives access. */
export async function findArchive(
  tx: Tx,
  tokenHash: string,
): Promise<{ archive: ArchiveRow; project: Project; isOpen: boolean } | null> {
  const [row] = await tx
    .select({ archive: archives, project: projects, isOpen: sql<boolean>`${archives.expiresAt} > now()` })
    .from(archives)
    .innerJoin(projects, eq(projects.id, archives.projectId))
    .where(eq(archives.tokenHash, tokenHash))
  return row ?? null
}

export const deleteOldArchives = (tx: Tx): Promise<unknown> =>
  tx.delete(archives).where(lte(archives.expiresAt, sql`now() - ${KEPT}`))

/** One file of an asset: its original, or a variant. */
export interface AssetFile {
  assetId: string
  folder: string
  filename: string
  createdAt: Date
  object: StoredObject
}

/** Finds a file of each of some assets, in no order; those without are left out. */
export function findFiles(
  tx: Tx,
  { projectId, assetIds, variant }: Pick<ArchiveRow, 'projectId' | 'assetIds' | 'variant'>,
): Promise<AssetFile[]> {
  const file = {
    assetId: assets.id,
    folder: assets.folder,
    filename: assets.filename,
    createdAt: assets.createdAt,
    object: objects,
  }
  const isAsked = and(
    eq(assets.projectId, projectId),
    inArray(assets.id, assetIds),
    isNull(assets.deletedAt),
    isNull(assets.takenDownAt),
    eq(objects.state, 'live'),
  )
  if (variant === null) {
    return tx.select(file).from(assets).innerJoin(objects, eq(objects.id, assets.originalObjectId)).where(isAsked)
  }
  const isVariant = and(eq(variants.assetId, assets.id), eq(variants.name, variant), eq(variants.status, 'ready'))
  return tx
    .select(file)
    .from(assets)
    .innerJoin(variants, isVariant)
    .innerJoin(objects, eq(objects.id, variants.objectId))
    .where(isAsked)
}
