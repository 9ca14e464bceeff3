import type { AssetWarning, ResourceError, VariantStatus } from '@darkroom/contracts'
import { AFTER_GRACE, AFTER_RUN } from '@darkroom/db/assets'
import type { Database, Tx } from '@darkroom/db/client'
import { jobAttempts, objects, variantStatus, variants } from '@darkroom/db/schema'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { changeAssetOfRun, type Lease, leaseLost, runStatement, stillHeld } from './fence.ts'

export interface WrittenVariant {
  name: string
  objectId: string
  versionId: string | null
  etag: string
  contentType: string
  byteSize: number
  /** Null where the file has no image. */
  width: number | null
  height: number | null
  sha256: string
  fingerprint: string
  /** Whether other variants say where it is. */
  isReferredTo?: boolean
}

const ready = variantStatus.to('ready')

/**
 * Publishes one variant: its object goes live, the asset gets a new revision, the file it replaces is given up. One
 * statement, because this is what a run does most; fenced like every other write of it.
 * @throws LEASE_LOST; an Error when the variant cannot become `ready`, which is a bug: nothing was written then
 */
export async function publishVariant(
  db: Database,
  lease: Lease,
  written: WrittenVariant,
  { progress, warnings }: { progress: number; warnings: readonly AssetWarning[] },
): Promise<void> {
  const { name, objectId, versionId, etag, contentType, byteSize, width, height, sha256, fingerprint, isReferredTo } =
    written
  // Of the statement as a whole: no file goes live for a variant that stays as it was.
  const guard = sql`EXISTS (
    SELECT FROM variants WHERE variants.asset_id = assets.id AND variants.name = ${name} AND ${ready.guard}
  )`
  // What is known of the source so far: a run that dies leaves the file, and what was said of it.
  const set = sql`, first_preview_at = coalesce(first_preview_at, now()), warnings = ${JSON.stringify(warnings)}::jsonb`
  const writes = sql`live AS (
      UPDATE objects SET state = 'live', version_id = ${versionId}, etag = ${etag}, bytes = ${byteSize},
        sha256 = ${sha256}, content_type = ${contentType}
      FROM asset WHERE objects.id = ${objectId}
    ), replaced AS (
      UPDATE objects SET state = 'doomed', ${isReferredTo ? AFTER_RUN : AFTER_GRACE}
      FROM asset, variants
      WHERE variants.asset_id = asset.id AND variants.name = ${name} AND objects.id = variants.object_id
        AND objects.state <> 'doomed'
    ), variant AS (
      UPDATE variants SET ${ready.assignment}, object_id = ${objectId}, content_type = ${contentType},
        byte_size = ${byteSize}, width = ${width}, height = ${height}, sha256 = ${sha256},
        fingerprint = ${fingerprint}, error = NULL
      FROM asset WHERE variants.asset_id = asset.id AND variants.name = ${name}
    ), job AS (
      UPDATE jobs SET progress = greatest(progress, ${progress}), stage = coalesce(stage, 'render')
      FROM asset WHERE jobs.id = ${lease.jobId}
    )`
  const event = { type: sql`'variant.ready'`, data: sql`jsonb_build_object('name', ${name}::text)` }
  const answer = sql`SELECT told, ${stillHeld(lease)} AS "isHeld" FROM (SELECT) AS one LEFT JOIN notified ON true`
  const statement = runStatement(lease, { set, guard, writes, event, answer })
  const [row] = await db.execute<{ told: unknown; isHeld: boolean }>(statement)
  if (row?.told != null) return
  if (row?.isHeld) throw new Error(`the variant ${name} of ${lease.assetId} cannot become ready`)
  throw leaseLost(lease)
}

/**
 * Records that one variant could not be made. One that is published from before stays published, with the error that says
 * why it is not the new one.
 */
export async function failVariant(tx: Tx, lease: Lease, name: string, error: ResourceError): Promise<void> {
  await tx
    .update(variants)
    .set({ ...variantStatus.valuesWhere('failed', eq(variants.status, 'pending')), error })
    .where(
      and(
        eq(variants.assetId, lease.assetId),
        eq(variants.name, name),
        inArray(variants.status, ['pending', 'ready'] satisfies VariantStatus[]),
      ),
    )
  await changeAssetOfRun(tx, lease, {
    event: 'variant.failed',
    data: { name, code: error.code, retryable: error.retryable },
  })
}

/** Returns the names of the published variants that earlier attempts at a job made. */
export async function variantsMadeByJob(tx: Tx, { jobId, assetId }: Lease): Promise<Set<string>> {
  const rows = await tx
    .select({ name: variants.name })
    .from(variants)
    .innerJoin(objects, eq(objects.id, variants.objectId))
    .innerJoin(jobAttempts, eq(jobAttempts.leaseToken, objects.leaseToken))
    .where(and(eq(variants.assetId, assetId), eq(variants.status, 'ready'), eq(jobAttempts.jobId, jobId)))
  return new Set(rows.map(({ name }) => name))
}
