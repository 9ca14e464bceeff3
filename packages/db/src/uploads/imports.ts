import { type AssetDetails, appError, type JobName, MAX_ATTEMPTS, type QueueName } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { eq, sql } from 'drizzle-orm'
import { insertedDetails } from '../assets/asset-details.ts'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { causeOfJob } from '../jobs/job-cause.ts'
import { JOBS_CHANNEL } from '../jobs/jobs.ts'
import { type PresetChoice, presetQuery, presetText } from '../presets/presets.ts'
import { type AssetRow, assets, type ImportRow, imports, type JobRow, jobs, type Preset } from '../schema/index.ts'

export interface NewImport extends Partial<AssetDetails> {
  projectId: string
  preset: PresetChoice
  assetId: string
  url: string
  /** Without its query. */
  shownUrl: string
  filename: string
  /** Null when only the source can say. */
  contentType: string | null
}

const JOB_NAME: JobName = 'asset.import'
const QUEUE: QueueName = 'import'
/** Of an asset whose bytes nobody has seen. */
const UNKNOWN_TYPE = 'application/octet-stream'

/**
 * Records an asset whose bytes are fetched from a URL, and the job that does it; one statement. It is being worked on from the
 * start: nothing is asked of the client.
 * @throws EXTERNAL_ID_TAKEN; INVALID_REQUEST when there is no such preset
 */
export async function createImport(
  tx: Tx,
  input: NewImport,
): Promise<{ asset: AssetRow; job: JobRow; preset: Pick<Preset, 'name' | 'version'> }> {
  const { projectId, externalId, contentType } = input
  const details = insertedDetails(input)
  const { requestId, traceparent } = causeOfJob()
  const [row] = await tx.execute<{
    preset: Pick<Preset, 'name' | 'version'>
    asset: Record<string, unknown> | null
    job: Record<string, unknown>
  }>(sql`
    WITH preset AS (${presetQuery(projectId, input.preset)}), asset AS (
      INSERT INTO assets (id, project_id, preset_id, status, generation, filename, content_type, byte_size,
        ${details.columns})
      SELECT ${input.assetId}::uuid, ${projectId}::uuid, id, 'processing', 1, ${input.filename},
        ${contentType ?? UNKNOWN_TYPE}, 0, ${details.values}
      FROM preset
      -- The only conflict that can be: ids are random, and of living assets the external id is unique in a project.
      ON CONFLICT DO NOTHING
      RETURNING *
    ), import AS (
      INSERT INTO imports (asset_id, project_id, url, shown_url, content_type)
      SELECT id, project_id, ${input.url}, ${input.shownUrl}, ${contentType} FROM asset
    ), job AS (
      INSERT INTO jobs (id, project_id, asset_id, generation, name, queue, lane, max_attempts,
        request_id, traceparent)
      SELECT ${newId()}::uuid, project_id, id, generation, ${JOB_NAME}, ${QUEUE}, 'interactive', ${MAX_ATTEMPTS[JOB_NAME]}::int,
        ${requestId}::text, ${traceparent}::text
      FROM asset RETURNING *
    ), event AS (
      INSERT INTO events (project_id, asset_id, seq, type) SELECT project_id, id, revision, 'asset.created' FROM asset
    ), woken AS (
      SELECT pg_notify(${JOBS_CHANNEL}, queue) AS told FROM job
    )
    SELECT jsonb_build_object('name', preset.name, 'version', preset.version) AS preset, to_jsonb(asset) AS asset,
      to_jsonb(job) AS job
    FROM preset LEFT JOIN (asset CROSS JOIN job CROSS JOIN woken) ON true`)
  if (!row) throw appError('INVALID_REQUEST', `There is no preset named "${presetText(input.preset)}".`)
  if (!row.asset) throw appError('EXTERNAL_ID_TAKEN', undefined, { context: { externalId } })
  return { asset: mapRow(assets, row.asset), job: mapRow(jobs, row.job), preset: row.preset }
}

export async function findImport(tx: Tx, assetId: string): Promise<ImportRow | null> {
  const [row] = await tx.select().from(imports).where(eq(imports.assetId, assetId))
  return row ?? null
}

/** Keeps an import that is about to end from ending while this transaction lasts. */
export async function lockImport(tx: Tx, assetId: string): Promise<void> {
  await tx.execute(sql`SELECT FROM imports WHERE asset_id = ${assetId} FOR UPDATE`)
}

/** Deletes the URL of an import once it is not needed. The URL may be as secret as a password. */
export async function forgetImportUrl(tx: Tx, assetId: string): Promise<void> {
  await tx.execute(sql`UPDATE imports SET url = NULL WHERE asset_id = ${assetId} AND url IS NOT NULL`)
}
