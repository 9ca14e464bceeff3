import type { MediaKind } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { WRITER_GRACE } from '@darkroom/db/assets'
import type { Database } from '@darkroom/db/client'
import { variantStatus } from '@darkroom/db/schema'
import { type SQL, sql } from 'drizzle-orm'
import { type Lease, leaseLost, runStatement } from './fence.ts'

/** Where something is going to be written. */
export interface PlannedObject {
  objectId: string
  bucket: string
  key: string
  contentType: string
}

export interface PlannedRow extends PlannedObject {
  name: string
  /** Its place among all that the preset wants of the file. */
  position: number
  required: boolean
  /** Null where the file has no image. */
  width: number | null
  height: number | null
  /** Of source, parameters and engine. */
  fingerprint: string
  /** Made again even if it stands: what it points to, or what points to it, is made again. */
  isFresh: boolean
}

/** What the preset names and the file has no use for. */
export interface SkippedVariant {
  name: string
  required: boolean
}

export interface RunPlan {
  /** What was found in the file. */
  facts: {
    kind: MediaKind
    contentType: string
    sha256: string
    width: number | null
    height: number | null
    durationMs: number | null
    pageCount: number | null
    animated: boolean | null
    details: Record<string, unknown>
  }
  /** All else that a plan is made of. */
  probe: Record<string, unknown>
  variants: PlannedRow[]
  skipped: SkippedVariant[]
  /** Null when the original stands already. */
  original: PlannedObject | null
}

/**
 * Records what a run found and is going to make, and every object before its first byte: one statement. What other runs
 * of the asset left unfinished is given up. A variant that stands for the same source, parameters and engine is left as
 * it is, unless it lies in another bucket; one that is ready for something else stays published until its successor is.
 * @returns ids of the objects that have to be made
 * @throws LEASE_LOST
 */
export async function planRun(db: Database, lease: Lease, plan: RunPlan): Promise<Set<string>> {
  const writes = sql`abandoned AS (
      UPDATE objects SET state = 'doomed', purge_at = now(), purge_until = now() + ${WRITER_GRACE}
      FROM asset
      WHERE objects.asset_id = asset.id AND objects.state = 'writing' AND lease_token <> ${lease.leaseToken}
    ), planned AS (
      SELECT planned.* FROM asset, jsonb_to_recordset(${variantsOf(plan)}::jsonb) AS planned (
        id uuid, "objectId" uuid, bucket text, key text, "contentType" text, name text, position int, required boolean,
        width int, height int, fingerprint text, "isFresh" boolean
      )
    ), upserted AS (
      INSERT INTO variants (id, project_id, asset_id, name, position, required, content_type, width, height, fingerprint)
      SELECT id, ${lease.projectId}::uuid, ${lease.assetId}::uuid, name, position, required, "contentType", width, height, fingerprint
      FROM planned
      ON CONFLICT (asset_id, name) DO UPDATE SET
        position = excluded.position, required = excluded.required, error = NULL,
        -- A published file is left alone; what is not published starts afresh.
        ${variantStatus.assignWhere('pending')}
      RETURNING name, status, fingerprint, object_id
    ), skipped AS (
      INSERT INTO variants (id, project_id, asset_id, name, position, required, status, fingerprint)
      SELECT skipped.id, ${lease.projectId}::uuid, asset.id, name, position, required, 'skipped', ''
      FROM asset, jsonb_to_recordset(${skippedOf(plan)}::jsonb) AS skipped (id uuid, name text, position int, required boolean)
      ON CONFLICT (asset_id, name) DO UPDATE SET
        position = excluded.position, required = excluded.required, error = NULL,
        ${variantStatus.assignWhere('skipped')}
    ), made AS (
      INSERT INTO objects (id, project_id, asset_id, bucket, key, content_type, lease_token)
      SELECT "objectId", ${lease.projectId}::uuid, ${lease.assetId}::uuid, bucket, key, "contentType", ${lease.leaseToken}::uuid
      FROM planned JOIN upserted USING (name)
      WHERE upserted.status <> 'ready' OR upserted.fingerprint <> planned.fingerprint OR planned."isFresh"
        OR (SELECT objects.bucket FROM objects WHERE objects.id = upserted.object_id) <> planned.bucket
      UNION ALL
      ${originalOf(lease, plan)}
      RETURNING id
    )`
  const event = { type: sql`'asset.inspected'` }
  const answer = sql`SELECT made.id FROM notified LEFT JOIN made ON true`
  const statement = runStatement(lease, { set: factsOf(plan), writes, event, answer })
  const rows = await db.execute<{ id: string | null }>(statement)
  if (rows.length === 0) throw leaseLost(lease)
  return new Set(rows.flatMap(({ id }) => id ?? []))
}

const factsOf = ({ facts, probe }: RunPlan): SQL =>
  sql`, kind = ${facts.kind}, content_type = ${facts.contentType}, sha256 = ${facts.sha256},
    width = ${facts.width}, height = ${facts.height}, duration_ms = ${facts.durationMs},
    page_count = ${facts.pageCount}, animated = ${facts.animated}, facts = ${JSON.stringify(facts.details)}::jsonb,
    probe = ${JSON.stringify(probe)}::jsonb`

const variantsOf = ({ variants }: RunPlan): string =>
  JSON.stringify(variants.map(variant => ({ id: variant.objectId, ...variant })))

const skippedOf = ({ variants, skipped }: RunPlan): string =>
  JSON.stringify(skipped.map((one, index) => ({ id: newId(), position: variants.length + index, ...one })))

const originalOf = (lease: Lease, { original }: RunPlan): SQL =>
  original
    ? sql`SELECT ${original.objectId}::uuid, ${lease.projectId}::uuid, ${lease.assetId}::uuid, ${original.bucket}, ${original.key},
        ${original.contentType}, ${lease.leaseToken}::uuid FROM asset`
    : sql`SELECT NULL::uuid, NULL, NULL, NULL, NULL, NULL, NULL WHERE false`

/**
 * Records that the verified bytes lie where no client can write: the original goes live and the upload is given up.
 * @throws LEASE_LOST
 */
export async function storeOriginal(
  db: Database,
  lease: Lease,
  stored: {
    objectId: string
    versionId: string | null
    etag: string
    byteSize: number
    sha256: string
    contentType: string
    /** The object that the client wrote, and until when a signed URL can write it again. */
    upload: { objectId: string; presignExpiresAt: Date }
  },
): Promise<void> {
  const { objectId, versionId, etag, byteSize, sha256, contentType, upload } = stored
  const set = sql`, original_object_id = ${objectId}`
  const writes = sql`live AS (
      UPDATE objects SET state = 'live', version_id = ${versionId}, etag = ${etag}, bytes = ${byteSize},
        sha256 = ${sha256}, content_type = ${contentType}
      FROM asset WHERE objects.id = ${objectId}
    ), given_up AS (
      UPDATE objects SET state = 'doomed', purge_at = now(),
        purge_until = greatest(now(), ${upload.presignExpiresAt.toISOString()}::timestamptz) + ${WRITER_GRACE}
      FROM asset WHERE objects.id = ${upload.objectId} AND objects.state <> 'doomed'
    )`
  const event = { type: sql`'asset.original_stored'` }
  const answer = sql`SELECT told FROM notified`
  const rows = await db.execute(runStatement(lease, { set, writes, event, answer }))
  if (rows.length === 0) throw leaseLost(lease)
}
