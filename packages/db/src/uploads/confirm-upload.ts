import { type JobName, MAX_ATTEMPTS, type QueueName } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { type SQL, sql } from 'drizzle-orm'
import { LATEST_JOB } from '../assets/assets.ts'
import { WRITER_GRACE } from '../assets/objects.ts'
import { genericPlan, type Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { uuids } from '../client/uuids.ts'
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

/** An upload and the bytes that arrived for it. */
export interface ArrivedUpload {
  upload: Pick<Upload, 'id' | 'assetId' | 'objectId'>
  bytes: ConfirmedBytes
}

export interface ConfirmedUpload {
  asset: AssetRow
  job: JobRow
}

/**
 * Pins the bytes that arrived and turns them into a job: as `confirmUploads` does for many.
 * @returns null when the upload was confirmed, aborted or expired in the meantime: read it again
 */
export async function confirmUpload(
  tx: Tx,
  { by = 'client', ...arrived }: ArrivedUpload & { by?: ConfirmedBy },
): Promise<ConfirmedUpload | null> {
  const confirmed = await confirmUploads(tx, [arrived], by)
  return confirmed.get(arrived.upload.id) ?? null
}

/**
 * Pins the bytes that arrived and turns them into jobs: one statement, so one transaction, with one winner for each upload however many
 * try at once.
 * @returns what was confirmed, by upload; one that is missing was confirmed, aborted or expired in the meantime: read it again
 */
export async function confirmUploads(
  tx: Tx,
  arrived: readonly ArrivedUpload[],
  by: ConfirmedBy,
): Promise<Map<string, ConfirmedUpload>> {
  const rows = await tx.execute<{ id: string; asset: Record<string, unknown>; job: Record<string, unknown> }>(
    confirmStatement(arrived, by),
  )
  return new Map(rows.map(({ id, asset, job }) => [id, { asset: mapRow(assets, asset), job: mapRow(jobs, job) }]))
}

function confirmStatement(arrived: readonly ArrivedUpload[], by: ConfirmedBy): SQL {
  const { requestId, traceparent } = causeOfJob()
  const input = JSON.stringify(arrived.map(inputRow))
  // Beside each join: a plan that was made while a table was small must not read all of it when it has grown.
  const ids = uuids(arrived.map(({ upload }) => upload.id))
  const assetIds = uuids(arrived.map(({ upload }) => upload.assetId))
  const objectIds = uuids(arrived.map(({ upload }) => upload.objectId))
  const isOpen = sql`uploads.id = ANY(${ids}) AND ${confirmed.guard} AND uploads.expires_at > now()`
  return sql`${genericPlan}
    WITH given AS (
      SELECT * FROM json_to_recordset(${input}::json) AS given (upload_id uuid, job_id uuid, version_id text, etag text, bytes bigint,
        content_type text, queue text)
    ), locked AS MATERIALIZED (
      -- Who confirms some of the same waits for us, or we for them, and never both.
      SELECT id FROM uploads WHERE ${isOpen} ORDER BY id FOR UPDATE
    ), won AS (
      UPDATE uploads SET ${confirmed.assignment}, bytes_seen_at = coalesce(bytes_seen_at, now())
      FROM locked WHERE uploads.id = locked.id AND ${isOpen}
      RETURNING uploads.id, asset_id, object_id
    ), asset AS (
      UPDATE assets SET ${processing.assignment}, revision = revision + 1, generation = generation + 1,
        confirmed_at = now(), expires_at = NULL
      FROM won WHERE assets.id = won.asset_id AND assets.id = ANY(${assetIds}) AND ${processing.guard}
        AND (status = 'awaiting_upload' OR status = 'processing' AND confirmed_at IS NULL)
      RETURNING assets.*
    ), live AS (
      UPDATE objects SET state = 'live', version_id = given.version_id, etag = given.etag, bytes = given.bytes,
        content_type = given.content_type
      FROM won JOIN given ON upload_id = won.id WHERE objects.id = won.object_id AND objects.id = ANY(${objectIds})
    ), rests AS (
      -- Of tus alone: what else there is of the asset are bytes that went into the object.
      UPDATE objects SET state = 'doomed', purge_at = now(), purge_until = now() + ${WRITER_GRACE}
      FROM won JOIN tus_uploads ON tus_uploads.upload_id = won.id AND tus_uploads.upload_id = ANY(${ids})
      WHERE objects.asset_id = won.asset_id AND objects.asset_id = ANY(${assetIds}) AND objects.id <> won.object_id
        AND objects.state <> 'doomed'
    ), job AS (
      INSERT INTO jobs (id, project_id, asset_id, generation, name, queue, lane, max_attempts,
        request_id, traceparent)
      SELECT job_id, project_id, asset.id, generation, ${JOB_NAME}, queue, 'interactive', ${MAX_ATTEMPTS[JOB_NAME]}::int,
        ${requestId}::text, ${traceparent}::text
      FROM asset JOIN won ON asset_id = asset.id JOIN given ON upload_id = won.id RETURNING *
    ), ${eventCte(sql`'asset.processing'`, sql`jsonb_build_object('by', ${by}::text)`)}, woken AS (
      SELECT pg_notify(${JOBS_CHANNEL}, queue) AS told FROM (SELECT DISTINCT queue FROM job) AS queues
    )
    SELECT won.id, to_jsonb(asset) AS asset, to_jsonb(job) AS job,
      -- What nothing reads is not run.
      (SELECT count(told) FROM notified) AS notified, (SELECT count(told) FROM woken) AS woken
    FROM won JOIN asset ON asset.id = won.asset_id JOIN job ON job.asset_id = asset.id`
}

function inputRow({ upload, bytes }: ArrivedUpload) {
  const { versionId, etag, byteSize, contentType, queue } = bytes
  return {
    upload_id: upload.id,
    job_id: newId(),
    version_id: versionId,
    etag,
    bytes: byteSize,
    content_type: contentType,
    queue,
  }
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
