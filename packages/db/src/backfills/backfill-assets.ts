import type { BackfillFilter, FocalPoint, MediaKind, PresetSelector } from '@darkroom/contracts'
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { LOWEST_ID } from '../client/uuids.ts'
import { jobIds } from '../jobs/job-ids.ts'

/** Which assets of a project: those that have a version of a preset, and what else a filter says. */
export interface AssetSelection {
  projectId: string
  from: PresetSelector
  filter: BackfillFilter
}

/** Selects the assets of a selection, up to and including `lastAssetId`. Joins `assets` and `presets`. */
export const selectedAssets = ({ projectId, from, filter }: AssetSelection, lastAssetId: string): SQL => sql`
  FROM assets JOIN presets ON presets.id = assets.preset_id
  WHERE assets.project_id = ${projectId} AND assets.id <= ${lastAssetId} AND presets.name = ${from.name}
    AND (${from.version}::int IS NULL OR presets.version = ${from.version}::int)
    AND (${filter.kind ?? null}::text IS NULL OR assets.kind = ${filter.kind ?? null}::text)
    AND (${filter.tag ?? null}::text IS NULL OR assets.tags @> ARRAY[${filter.tag ?? null}::text])
    AND (${filter.createdAfter ?? null}::timestamptz IS NULL OR assets.created_at > ${filter.createdAfter ?? null}::timestamptz)
    AND (${filter.createdBefore ?? null}::timestamptz IS NULL OR assets.created_at < ${filter.createdBefore ?? null}::timestamptz)`

/**
 * Finds the newest asset of a project, and counts the assets of a selection up to it; null while the project has none.
 */
export async function measureSelection(
  tx: Tx,
  selection: AssetSelection,
): Promise<{ lastAssetId: string; total: number } | null> {
  const [last] = await tx.execute<{ id: string }>(
    sql`SELECT id FROM assets WHERE project_id = ${selection.projectId} ORDER BY id DESC LIMIT 1`,
  )
  if (!last) return null
  const [row] = await tx.execute<{ total: number }>(
    sql`SELECT count(*)::int AS total ${selectedAssets(selection, last.id)}`,
  )
  return { lastAssetId: last.id, total: row?.total ?? 0 }
}

/** What a plan needs to know of an asset. */
export interface PlannableAsset {
  id: string
  presetId: string
  status: string
  isDeleted: boolean
  isBusy: boolean
  kind: MediaKind | null
  sha256: string | null
  focalPoint: FocalPoint | null
  /** Of the probe, with the details; null of what was processed before it was kept. */
  facts: Record<string, unknown> | null
  standing: {
    name: string
    fingerprint: string
    byteSize: number | null
    width: number | null
    height: number | null
  }[]
}

/** Reads the next assets of a selection after one. With `oneOf` about one of that many is read, spread evenly by id. */
export async function readPlannable(
  tx: Tx,
  selection: AssetSelection,
  { after, lastAssetId, oneOf, limit }: { after: string | null; lastAssetId: string; oneOf: number; limit: number },
): Promise<PlannableAsset[]> {
  const rows = await tx.execute<{ [Key in keyof PlannableAsset]: PlannableAsset[Key] }>(sql`
    WITH page AS (
      SELECT assets.* ${selectedAssets(selection, lastAssetId)}
        AND assets.id > ${after ?? LOWEST_ID}
        AND (${oneOf}::int = 1 OR mod(hashtext(assets.id::text)::bigint + 2147483648, ${oneOf}::int) = 0)
      ORDER BY assets.id LIMIT ${limit}
    )
    SELECT id, preset_id AS "presetId", status, deleted_at IS NOT NULL AS "isDeleted", kind, sha256,
      focal_point AS "focalPoint", probe || jsonb_build_object('details', facts) AS facts,
      EXISTS (SELECT FROM jobs WHERE jobs.asset_id = page.id AND jobs.status IN ('queued', 'running')) AS "isBusy",
      coalesce((
        SELECT jsonb_agg(jsonb_build_object('name', name, 'fingerprint', fingerprint, 'byteSize', byte_size,
          'width', width, 'height', height))
        FROM variants WHERE variants.asset_id = page.id AND variants.status = 'ready'
      ), '[]') AS standing
    FROM page ORDER BY id`)
  return [...rows]
}

/** How long jobs took lately, in seconds per job; of the preset's assets, and of any. */
export interface KindDuration {
  kind: MediaKind
  ofPreset: number | null
  ofAny: number
}

/** Reads durations by kind from a project's latest thousand succeeded jobs, each by the attempt that succeeded. */
export async function recentDurations(tx: Tx, projectId: string, presetName: string): Promise<KindDuration[]> {
  const latest = jobIds(
    { projectId, status: 'succeeded', name: 'asset.process' },
    { sort: '-createdAt', after: null, limit: 1000 },
  )
  const rows = await tx.execute<{ kind: MediaKind; of_preset: number | null; of_any: number }>(sql`
    WITH latest AS (
      SELECT id, asset_id FROM jobs WHERE id IN (${latest})
    )
    SELECT assets.kind,
      avg(extract(epoch FROM finished_at - started_at)) FILTER (WHERE presets.name = ${presetName})::float8 AS of_preset,
      avg(extract(epoch FROM finished_at - started_at))::float8 AS of_any
    FROM latest
    JOIN assets ON assets.id = latest.asset_id
    JOIN presets ON presets.id = assets.preset_id
    JOIN job_attempts ON job_attempts.job_id = latest.id AND outcome = 'done'
    WHERE assets.kind IS NOT NULL
    GROUP BY 1`)
  return rows.map(row => ({ kind: row.kind, ofPreset: row.of_preset, ofAny: row.of_any }))
}
