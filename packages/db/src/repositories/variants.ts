import type { ResourceError, VariantStatus } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, asc, eq, sql } from 'drizzle-orm'
import type { Database, Tx } from '../client.ts'
import { variants } from '../schema/index.ts'
import { EVENTS_CHANNEL } from './events.ts'
import { changeAssetOfRun, leaseLost } from './fence.ts'
import type { Lease } from './jobs.ts'

export type VariantRow = typeof variants.$inferSelect

export interface PlannedVariantRow {
  name: string
  required: boolean
  contentType: string
  width: number
  height: number
  fingerprint: string
}

export const variantsOfAsset = (tx: Tx, assetId: string): Promise<VariantRow[]> =>
  tx.select().from(variants).where(eq(variants.assetId, assetId)).orderBy(asc(variants.position))

/**
 * Records what a run is going to make. A row that stands for the same source, parameters and engine stays as it is;
 * one that is ready for something else stays published until its successor is.
 * @returns the names that have to be made
 */
export async function planVariants(tx: Tx, lease: Lease, planned: PlannedVariantRow[]): Promise<Set<string>> {
  await tx
    .insert(variants)
    .values(
      planned.map((variant, position) => ({
        id: newId(),
        projectId: lease.projectId,
        assetId: lease.assetId,
        position,
        ...variant,
      })),
    )
    .onConflictDoUpdate({
      target: [variants.assetId, variants.name],
      set: {
        position: sql`excluded.position`,
        required: sql`excluded.required`,
        // A published file is left alone; what is not published starts afresh.
        status: sql`CASE WHEN ${variants.status} = 'ready' THEN 'ready' ELSE 'pending' END`,
        error: null,
      },
    })
  const rows = await variantsOfAsset(tx, lease.assetId)
  const fingerprints = new Map(planned.map(variant => [variant.name, variant.fingerprint]))
  const stands = (row: VariantRow) => row.status === 'ready' && row.fingerprint === fingerprints.get(row.name)
  return new Set(rows.filter(row => !stands(row)).map(row => row.name))
}

export interface WrittenVariant {
  name: string
  objectId: string
  versionId: string | null
  etag: string
  contentType: string
  byteSize: number
  width: number
  height: number
  sha256: string
  fingerprint: string
}

/**
 * Publishes one variant: its object goes live, the asset gets a new revision, the file it replaces is given up. One
 * statement, because this is what a run does most; fenced like every other write of it.
 * @throws LEASE_LOST
 */
export async function publishVariant(
  db: Database,
  lease: Lease,
  written: WrittenVariant,
  progress: number,
): Promise<void> {
  const { name, objectId, versionId, etag, contentType, byteSize, width, height, sha256, fingerprint } = written
  const published = await db.execute(sql`
    WITH held AS (
      SELECT id FROM jobs
      WHERE id = ${lease.jobId} AND lease_token = ${lease.leaseToken} AND status = 'running'
      FOR UPDATE
    ), asset AS (
      UPDATE assets SET revision = revision + 1, first_preview_at = coalesce(first_preview_at, now())
      FROM held
      WHERE assets.id = ${lease.assetId} AND generation = ${lease.generation} AND deleted_at IS NULL
      RETURNING assets.id, assets.project_id, assets.revision
    ), live AS (
      UPDATE objects SET state = 'live', version_id = ${versionId}, etag = ${etag}, bytes = ${byteSize},
        sha256 = ${sha256}, content_type = ${contentType}
      FROM asset WHERE objects.id = ${objectId}
    ), replaced AS (
      UPDATE objects SET state = 'doomed', purge_at = now(), purge_until = now() + interval '5 minutes'
      FROM asset, variants
      WHERE variants.asset_id = asset.id AND variants.name = ${name} AND objects.id = variants.object_id
        AND objects.state <> 'doomed'
    ), variant AS (
      UPDATE variants SET status = 'ready', object_id = ${objectId}, content_type = ${contentType},
        byte_size = ${byteSize}, width = ${width}, height = ${height}, sha256 = ${sha256},
        fingerprint = ${fingerprint}, error = NULL
      FROM asset WHERE variants.asset_id = asset.id AND variants.name = ${name}
    ), job AS (
      UPDATE jobs SET progress = ${progress}, stage = 'render' FROM held WHERE jobs.id = held.id
    ), event AS (
      INSERT INTO events (project_id, asset_id, seq, type, data)
      SELECT project_id, id, revision, 'variant.ready', jsonb_build_object('name', ${name}::text) FROM asset
      RETURNING asset_id
    )
    SELECT pg_notify(${EVENTS_CHANNEL}, asset_id::text) FROM event`)
  if (published.length === 0) throw leaseLost(lease)
}

/** Records that one variant could not be made; one that is published from before stays published. */
export async function failVariant(tx: Tx, lease: Lease, name: string, error: ResourceError): Promise<void> {
  const status: VariantStatus = 'failed'
  await tx
    .update(variants)
    .set({ status, error })
    .where(and(eq(variants.assetId, lease.assetId), eq(variants.name, name), eq(variants.status, 'pending')))
  await changeAssetOfRun(tx, lease, { event: 'variant.failed', data: { name, code: error.code } })
}

/** What a job that failed for good did not get to. */
export async function failPendingVariants(tx: Tx, assetId: string, error: ResourceError): Promise<void> {
  await tx
    .update(variants)
    .set({ status: 'failed', error })
    .where(and(eq(variants.assetId, assetId), eq(variants.status, 'pending')))
}
