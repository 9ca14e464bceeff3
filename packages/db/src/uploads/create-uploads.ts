import { type AssetDetails, appError, detailsOf, NO_DETAILS } from '@darkroom/contracts'
import { type AppError, isAppError, newId } from '@darkroom/core'
import { type SQL, sql } from 'drizzle-orm'
import { genericPlan, type Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { type PresetChoice, presetOfRowQuery, presetText } from '../presets/presets.ts'
import { type AssetRow, assets, type Preset, type Upload, uploads } from '../schema/index.ts'

export interface NewUpload extends Partial<AssetDetails> {
  preset: PresetChoice
  assetId: string
  uploadId: string
  bucket: string
  key: string
  filename: string
  contentType: string
  byteSize: number
  sha256: string | null
  /** How the bytes are cut; null for one PUT. */
  parts?: { partSize: number; partCount: number } | null
  presignExpiresAt: Date
  expiresAt: Date
  /** `Upload-Metadata` of an upload by the tus protocol; undefined for any other. */
  tusMetadata?: string | undefined
}

export interface CreatedUpload {
  asset: AssetRow
  upload: Upload
  preset: Pick<Preset, 'name' | 'version'>
}

/** The details of an asset are columns of the same type and name in the statement's input. */
const DETAILS = (Object.keys(NO_DETAILS) as (keyof AssetDetails)[]).map(name => ({ name, column: assets[name] }))
const detailColumns = sql.raw(DETAILS.map(({ column }) => column.name).join(', '))

const COLUMNS = sql.raw(`(ordinal int, asset_id uuid, object_id uuid, upload_id uuid, preset_id uuid, preset_name text,
  preset_version int, bucket text, key text, filename text, content_type text, byte_size bigint, sha256 text, part_size bigint,
  part_count int, tus_metadata text, presign_expires_at timestamptz, expires_at timestamptz,
  ${DETAILS.map(({ column }) => `${column.name} ${column.getSQLType()}`).join(', ')})`)

/**
 * Records assets that await their uploads, and the objects that the client will write. One statement for all, because this is what
 * the API writes most. Each is accepted or refused by itself; of two with the same external id, the first is accepted.
 * @returns in the order of the input, what was created, or EXTERNAL_ID_TAKEN, or INVALID_REQUEST when there is no such preset
 */
export async function createUploads(
  tx: Tx,
  projectId: string,
  inputs: readonly NewUpload[],
): Promise<(CreatedUpload | AppError)[]> {
  const rows = await tx.execute<CreatedRow>(createStatement(projectId, JSON.stringify(inputs.map(inputRow))))
  return rows.toSorted((a, b) => a.ordinal - b.ordinal).map((row, at) => readRow(row, inputs[at] as NewUpload))
}

/**
 * Records one upload as `createUploads` does.
 * @throws EXTERNAL_ID_TAKEN; INVALID_REQUEST when there is no such preset
 */
export async function createUpload(
  tx: Tx,
  { projectId, ...input }: NewUpload & { projectId: string },
): Promise<CreatedUpload> {
  const [created] = await createUploads(tx, projectId, [input])
  if (!created || isAppError(created)) throw created
  return created
}

interface CreatedRow extends Record<string, unknown> {
  ordinal: number
  preset: CreatedUpload['preset'] | null
  asset: Record<string, unknown> | null
  upload: Record<string, unknown> | null
}

function createStatement(projectId: string, input: string): SQL {
  return sql`${genericPlan}
    WITH given AS MATERIALIZED (
      SELECT given.*, preset.id AS chosen, preset.name, preset.version
      FROM json_to_recordset(${input}::json) AS given ${COLUMNS}
      LEFT JOIN LATERAL (${presetOfRowQuery(projectId)}) AS preset ON true
    ), asset AS (
      INSERT INTO assets (id, project_id, preset_id, filename, content_type, byte_size, ${detailColumns}, expires_at)
      SELECT asset_id, ${projectId}::uuid, chosen, filename, content_type, byte_size, ${detailColumns}, expires_at
      FROM given WHERE chosen IS NOT NULL
      -- Whoever else creates some of the same waits for us, or we for them, and never both.
      ORDER BY external_id, ordinal
      -- The only conflict that can be: ids are random, and of living assets the external id is unique in a project.
      ON CONFLICT DO NOTHING
      RETURNING *
    ), object AS (
      INSERT INTO objects (id, project_id, asset_id, bucket, key, content_type)
      SELECT object_id, project_id, id, bucket, key, asset.content_type FROM asset JOIN given ON asset_id = id
    ), upload AS (
      INSERT INTO uploads (id, project_id, asset_id, object_id, type, part_size, part_count, content_type, byte_size,
        sha256, presign_expires_at, expires_at)
      SELECT upload_id, project_id, id, object_id, CASE WHEN part_size IS NULL THEN 'single' ELSE 'multipart' END, part_size,
        part_count, asset.content_type, asset.byte_size, given.sha256, presign_expires_at, asset.expires_at
      FROM asset JOIN given ON asset_id = id
      RETURNING *
    ), tus AS (
      INSERT INTO tus_uploads (upload_id, metadata)
      SELECT id, tus_metadata FROM upload JOIN given ON upload_id = id WHERE tus_metadata IS NOT NULL
    ), event AS (
      -- No NOTIFY: nobody knows the id yet, and commits that notify wait for each other.
      INSERT INTO events (project_id, asset_id, seq, type) SELECT project_id, id, revision, 'asset.created' FROM asset
    )
    SELECT ordinal, CASE WHEN chosen IS NOT NULL THEN jsonb_build_object('name', name, 'version', version) END AS preset,
      to_jsonb(asset) AS asset, to_jsonb(upload) AS upload
    FROM given LEFT JOIN asset ON asset.id = given.asset_id LEFT JOIN upload ON upload.id = given.upload_id`
}

function inputRow(input: NewUpload, ordinal: number) {
  const { preset, parts = null } = input
  const details = detailsOf(input)
  return {
    ordinal,
    asset_id: input.assetId,
    object_id: newId(),
    upload_id: input.uploadId,
    ...('id' in preset ? { preset_id: preset.id } : { preset_name: preset.name, preset_version: preset.version }),
    bucket: input.bucket,
    key: input.key,
    filename: input.filename,
    content_type: input.contentType,
    byte_size: input.byteSize,
    sha256: input.sha256,
    part_size: parts?.partSize ?? null,
    part_count: parts?.partCount ?? null,
    tus_metadata: input.tusMetadata ?? null,
    presign_expires_at: input.presignExpiresAt,
    expires_at: input.expiresAt,
    ...Object.fromEntries(DETAILS.map(({ name, column }) => [column.name, details[name]])),
  }
}

function readRow({ preset, asset, upload }: CreatedRow, { preset: choice, externalId }: NewUpload) {
  if (!preset) return appError('INVALID_REQUEST', `There is no preset named "${presetText(choice)}".`)
  if (!asset || !upload) return appError('EXTERNAL_ID_TAKEN', undefined, { context: { externalId } })
  return { asset: mapRow(assets, asset), upload: mapRow(uploads, upload), preset }
}
