import { type JobName, MAX_ATTEMPTS, type QueueName } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { LATEST_JOB } from '../assets/assets.ts'
import { WRITER_GRACE } from '../assets/objects.ts'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { eventCte } from '../events/events.ts'
import { causeOfJob } from '../jobs/job-cause.ts'
import { JOBS_CHANNEL } from '../jobs/jobs.ts'
import { type AssetRow, assetStatus, assets, type JobRow, jobs, type Upload, uploadStatus } from '../schema/index.ts'

/** Who told us that the bytes are there: the client, an event of the store, the sweeper that looked by itself, or the import that put them there. */
export type ConfirmedBy = 'client' | 'event' | 'sweeper' | 'import'

export interface ConfirmedBytes {
  versionId: string | null
  etag: string
  byteSize: number
  contentType: string
  queue: QueueName
}

const JOB_NAME: JobName = 'asset.process'

const { confirmed } = uploadStatus
// An import works from the start, so its asset never waits for anybody.
const processing = assetStatus.to('processing', { mayStay: true })

/**
 * Pins the bytes that arrived and turns them into a job: one statement, so one transaction with one winner, however many
 * try at once.
 * @returns null when the upload was confirmed, aborted or expired in the meantime: read it again
 */
export async function confirmUpload(
  tx: Tx,
  { upload, bytes, by = 'client' }: { upload: Upload; bytes: ConfirmedBytes; by?: ConfirmedBy },
): Promise<{ asset: AssetRow; job: JobRow } | null> {
  const { versionId, etag, byteSize, contentType, queue } = bytes
  const { requestId, traceparent } = causeOfJob()
  const [row] = await tx.execute<{ asset: Record<string, unknown>; job: Record<string, unknown> }>(sql`
    WITH won AS (
      UPDATE uploads SET ${confirmed.assignment}, bytes_seen_at = coalesce(bytes_seen_at, now())
      WHERE id = ${upload.id} AND ${confirmed.guard} AND expires_at > now()
      RETURNING id, asset_id, object_id
    ), asset AS (
      UPDATE assets SET ${processing.assignment}, revision = revision + 1, generation = generation + 1,
        confirmed_at = now(), expires_at = NULL
      FROM won WHERE assets.id = won.asset_id AND ${processing.guard}
        AND (status = 'awaiting_upload' OR status = 'processing' AND confirmed_at IS NULL)
      RETURNING assets.*
    ), live AS (
      UPDATE objects SET state = 'live', version_id = ${versionId}, etag = ${etag}, bytes = ${byteSize},
        content_type = ${contentType}
      FROM won WHERE objects.id = won.object_id
    ), rests AS (
      -- Of tus alone: what else there is of the asset are bytes that went into the object.
      UPDATE objects SET state = 'doomed', purge_at = now(), purge_until = now() + ${WRITER_GRACE}
      FROM won JOIN tus_uploads ON tus_uploads.upload_id = won.id
      WHERE objects.asset_id = won.asset_id AND objects.id <> won.object_id AND objects.state <> 'doomed'
    ), job AS (
      INSERT INTO jobs (id, project_id, asset_id, generation, name, queue, lane, max_attempts,
        request_id, traceparent)
      SELECT ${newId()}::uuid, project_id, id, generation, ${JOB_NAME}, ${queue}, 'interactive', ${MAX_ATTEMPTS[JOB_NAME]}::int,
        ${requestId}::text, ${traceparent}::text
      FROM asset RETURNING *
    ), ${eventCte(sql`'asset.processing'`, sql`jsonb_build_object('by', ${by}::text)`)}, woken AS (
      SELECT pg_notify(${JOBS_CHANNEL}, queue) AS told FROM job
    )
    SELECT to_jsonb(asset) AS asset, to_jsonb(job) AS job FROM asset, job, notified, woken`)
  return row ? { asset: mapRow(assets, row.asset), job: mapRow(jobs, row.job) } : null
}

/**
 * Reads what an upload has become that was confirmed before: its asset, with the newest job.
 * @returns null when it was not confirmed, or its asset is being deleted
 */
export async function findConfirmed(
  tx: Tx,
  { id }: Pick<Upload, 'id'>,
): Promise<{ asset: AssetRow; job: JobRow } | null> {
  const [row] = await tx.execute<{ asset: Record<string, unknown>; job: Record<string, unknown> | null }>(sql`
    SELECT to_jsonb(assets) AS asset, to_jsonb(latest) AS job
    FROM uploads JOIN assets ON assets.id = uploads.asset_id ${LATEST_JOB}
    WHERE uploads.id = ${id} AND uploads.confirmed_at IS NOT NULL AND assets.deleted_at IS NULL`)
  if (!row) return null
  if (!row.job) throw new Error(`upload ${id} was confirmed and has no job`)
  return { asset: mapRow(assets, row.asset), job: mapRow(jobs, row.job) }
}
