import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { uuids } from '../client/uuids.ts'
import {
  type AssetRow,
  assets,
  type JobRow,
  jobs,
  objects,
  type Preset,
  type Project,
  type VariantRow,
  variants,
} from '../schema/index.ts'

/** An asset with all that its representation shows. */
export interface AssetRecord {
  asset: AssetRow
  preset: Pick<Preset, 'name' | 'version'>
  /** How its project delivers. */
  delivery: Pick<Project, 'cdnBaseUrl' | 'isPrivate'>
  variants: (VariantRow & { bucket: string | null; key: string | null })[]
  /** The newest job. */
  job: JobRow | null
}

export async function findAsset(tx: Tx, projectId: string, id: string): Promise<AssetRow | null> {
  const [row] = await tx
    .select()
    .from(assets)
    .where(and(eq(assets.id, id), eq(assets.projectId, projectId)))
  return row ?? null
}

/** A part of a FROM that has `assets`: the newest job of each. */
export const LATEST_JOB = sql`LEFT JOIN LATERAL (
  SELECT * FROM jobs WHERE jobs.asset_id = assets.id ORDER BY jobs.id DESC LIMIT 1
) AS latest ON true`

/** Finds an asset with its newest job, which together tell its progress. */
export async function findAssetWithJob(
  tx: Tx,
  projectId: string,
  id: string,
): Promise<{ asset: AssetRow; job: JobRow | null } | null> {
  const [row] = await tx.execute<{ asset: Record<string, unknown>; job: Record<string, unknown> | null }>(sql`
    SELECT to_jsonb(assets) AS asset, to_jsonb(latest) AS job FROM assets ${LATEST_JOB}
    WHERE assets.id = ${id} AND assets.project_id = ${projectId}`)
  return row ? { asset: mapRow(assets, row.asset), job: row.job && mapRow(jobs, row.job) } : null
}

type Context = AssetRecord['preset'] & AssetRecord['delivery'] & { id: string; job: Record<string, unknown> | null }

/** Reads the records of assets in two queries, however many there are. Keeps the order of the rows. */
export async function readAssetRecords(tx: Tx, rows: AssetRow[]): Promise<AssetRecord[]> {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const [variantRows, contextRows] = await Promise.all([
    tx
      .select({ variant: variants, bucket: objects.bucket, key: objects.key })
      .from(variants)
      .leftJoin(objects, eq(objects.id, variants.objectId))
      .where(inArray(variants.assetId, ids))
      .orderBy(asc(variants.position)),
    tx.execute<Context>(sql`
      SELECT assets.id, presets.name, presets.version, projects.cdn_base_url AS "cdnBaseUrl",
        projects.is_private AS "isPrivate", to_jsonb(latest) AS job
      FROM assets
      JOIN projects ON projects.id = assets.project_id
      JOIN presets ON presets.id = assets.preset_id
      ${LATEST_JOB}
      WHERE assets.id IN ${ids}`),
  ])
  const byAsset = Map.groupBy(variantRows, row => row.variant.assetId)
  const contextOf = new Map(contextRows.map(row => [row.id, row]))
  return rows.map(asset => {
    const context = contextOf.get(asset.id)
    if (!context) throw new Error(`asset ${asset.id} or its preset is gone, and neither ever is`)
    return {
      asset,
      preset: { name: context.name, version: context.version },
      delivery: { cdnBaseUrl: context.cdnBaseUrl, isPrivate: context.isPrivate },
      variants: (byAsset.get(asset.id) ?? []).map(({ variant, bucket, key }) => ({ ...variant, bucket, key })),
      job: context.job && mapRow(jobs, context.job),
    }
  })
}

export async function readAssetRecord(tx: Tx, row: AssetRow): Promise<AssetRecord> {
  const [record] = await readAssetRecords(tx, [row])
  if (!record) throw new Error('one row in, no record out')
  return record
}

export const findAssets = (tx: Tx, projectId: string, ids: string[]): Promise<AssetRow[]> =>
  tx
    .select()
    .from(assets)
    .where(and(eq(assets.projectId, projectId), inArray(assets.id, ids)))

/** Finds an asset by its id, of one project or, for an operator, of any. */
export async function findAssetWithin(tx: Tx, projectId: string | null, id: string): Promise<AssetRow | null> {
  const [row] = await tx
    .select()
    .from(assets)
    .where(and(eq(assets.id, id), projectId === null ? undefined : eq(assets.projectId, projectId)))
  return row ?? null
}

/** Reads the revisions of many assets, by id, so that a lost notification is noticed. */
export async function revisionsOf(tx: Tx, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map()
  const rows = await tx
    .select({ id: assets.id, revision: assets.revision })
    .from(assets)
    .where(sql`${assets.id} = ANY (${uuids(ids)})`)
  return new Map(rows.map(row => [row.id, row.revision]))
}

/** Filters known revisions down to the ids of those that are outdated, assets that are gone included. */
export async function outdatedAmong(tx: Tx, known: ReadonlyMap<string, number>): Promise<string[]> {
  if (known.size === 0) return []
  const rows = await tx.execute<{ id: string }>(sql`
    SELECT known.id FROM unnest(${uuids([...known.keys()])}, ${`{${[...known.values()].join(',')}}`}::int[]) AS known (id, revision)
    LEFT JOIN assets ON assets.id = known.id
    WHERE assets.revision IS DISTINCT FROM known.revision`)
  return rows.map(row => row.id)
}
