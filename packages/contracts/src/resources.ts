import { z } from 'zod'
import { ERRORS } from './errors.ts'
import { JOB_STATUSES, LANES } from './jobs.ts'
import { MEDIA_KINDS } from './media-types.ts'
import { PresetRef } from './presets/definition.ts'
import { KnownWarningCode } from './warning-schemas.ts'

export const ASSET_STATUSES = [
  'awaiting_upload',
  'processing',
  'ready',
  'partial',
  'failed',
  'expired',
  'deleting',
  'deleted',
] as const
export type AssetStatus = (typeof ASSET_STATUSES)[number]
/** Statuses in which nothing more happens by itself. */
export const SETTLED_ASSET_STATUSES: readonly AssetStatus[] = ['ready', 'partial', 'failed', 'expired', 'deleted']

export const UPLOAD_TYPES = ['single', 'multipart'] as const
export type UploadType = (typeof UPLOAD_TYPES)[number]

export const VARIANT_STATUSES = ['pending', 'ready', 'failed', 'skipped'] as const
export type VariantStatus = (typeof VARIANT_STATUSES)[number]

const id = z.uuid()
const time = z.iso.datetime()
const bytes = z.int().nonnegative()

/** A code of the catalogue, or one that a newer version knows. */
export const KnownErrorCode = z
  .union([z.enum(Object.keys(ERRORS)), z.string()])
  .meta({ id: 'ErrorCode', description: 'A code of the error reference. Newer versions may know more of them.' })

export const ResourceError = z
  .object({
    code: KnownErrorCode,
    message: z.string().meta({ description: 'For people; it may change.' }),
    retryable: z.boolean().meta({ description: 'Whether trying the same again can help.' }),
  })
  .meta({ id: 'ResourceError', description: 'Why something is not there, with a code of the error reference.' })
export type ResourceError = z.output<typeof ResourceError>

export const AssetWarning = z
  .object({
    code: KnownWarningCode,
    message: z.string().meta({ description: 'What the code means, for people; it may change.' }),
    detail: z.string().meta({ description: 'What was found in this file, for people.' }),
  })
  .meta({
    id: 'AssetWarning',
    description: 'What is lost, was repaired or had to be assumed of a file that was processed all the same.',
    examples: [
      {
        code: 'SOURCE_TRUNCATED',
        message: 'The file ends early. What it still holds was processed.',
        detail: '18 of 44 frames are whole.',
      },
    ],
  })
export type AssetWarning = z.output<typeof AssetWarning>

export const Placeholder = z
  .object({
    thumbhash: z.string().meta({ description: 'Base64; see https://evanw.github.io/thumbhash/' }),
    dominantColor: z.string().regex(/^#[0-9a-f]{6}$/),
  })
  .meta({ id: 'Placeholder' })
export type Placeholder = z.output<typeof Placeholder>

export const Variant = z
  .object({
    name: z.string(),
    required: z.boolean().meta({ description: 'Whether the asset fails when this one does.' }),
    status: z.enum(VARIANT_STATUSES).meta({ description: '`skipped`: the preset does not want it of this file.' }),
    url: z.url().nullable().meta({ description: 'For browsers, behind the CDN; null in a private project.' }),
    contentType: z.string().nullable(),
    byteSize: bytes.nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    sha256: z.string().nullable(),
    error: ResourceError.optional().meta({
      description:
        'Why it could not be made; `retryable` when that is tried again by itself, by the `job` of the asset. Of one that is `ready`, the file of before is published in its stead.',
    }),
  })
  .meta({ id: 'Variant' })
export type Variant = z.output<typeof Variant>

const JobSummary = z.object({
  id,
  status: z.enum(JOB_STATUSES),
  progress: z.number().min(0).max(1),
  stage: z.string().nullable(),
  error: ResourceError.optional(),
})

export const Asset = z
  .object({
    id,
    projectId: id,
    externalId: z.string().nullable().meta({ description: 'Your own id; no two assets of a project have the same.' }),
    revision: z.int().meta({ description: 'Rises with every change.' }),
    status: z.enum(ASSET_STATUSES).meta({
      description:
        '`ready`: every variant stands. `partial`: everything required stands. `failed`: see `error`. `expired`: it was not confirmed in time.',
    }),
    kind: z.enum(MEDIA_KINDS).nullable().meta({ description: 'What the bytes are; null until they were looked at.' }),
    filename: z.string(),
    folder: z.string().meta({ description: 'Path of the folder it lies in; empty at the top.' }),
    contentType: z.string(),
    byteSize: bytes,
    sha256: z.string().nullable().meta({ description: 'Of the bytes, in hexadecimal.' }),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.unknown()).meta({ description: 'What you gave along; nothing here reads it.' }),
    width: z.int().nullable().meta({ description: 'Pixels of the upright picture.' }),
    height: z.int().nullable().meta({ description: 'Pixels of the upright picture.' }),
    durationMs: z.int().nullable(),
    pageCount: z.int().nullable(),
    animated: z.boolean().nullable(),
    placeholder: Placeholder.nullable(),
    facts: z.record(z.string(), z.unknown()).meta({
      description:
        'What else was found, by kind: orientation, colour, frames and camera of a picture; codecs, frame rate, rotation, HDR and `chapters` (`startMs`, `endMs`, `title`) of a video; rate, channels, tags and `chapters` of a sound; title of a document. Never a position or a serial number.',
      examples: [{ orientation: 6, frameCount: 1, colorSpace: 'srgb', bitDepth: 8, camera: { make: 'Apple' } }],
    }),
    preset: PresetRef,
    original: z
      .object({ downloadUrl: z.url().meta({ description: 'Asks for the same key and redirects to a signed URL.' }) })
      .nullable(),
    variants: z.array(Variant),
    job: JobSummary.nullable(),
    progress: z.number().min(0).max(1).meta({
      description:
        'How much of the processing is done: 0 until it begins, also while the bytes are sent, fetched by an import (`job.progress` tells how far) or wait in a queue; 1 when settled.',
    }),
    estimatedReadyAt: time.nullable().meta({
      description:
        'When work under way is probably done, from its progress, the queue and earlier jobs of this preset. Null where nothing is known, as while its queue is paused.',
    }),
    error: ResourceError.nullable(),
    warnings: z.array(AssetWarning).meta({
      description:
        'What is wrong with the file itself, one of a code; empty when nothing is known to be. Found while it is processed, and anew each time that all is made of it.',
    }),
    createdAt: time,
    confirmedAt: time.nullable().meta({ description: 'When the bytes were found to be there.' }),
    firstPreviewAt: time.nullable().meta({ description: 'When the first variant stood.' }),
    readyAt: time.nullable(),
    expiresAt: time.nullable().meta({ description: 'Until when an upload can be confirmed.' }),
    sourceExpiresAt: time.nullable().meta({ description: 'Until when the bytes of a failed file are kept.' }),
  })
  .meta({ id: 'Asset' })
export type Asset = z.output<typeof Asset>

const Preview = Variant.pick({ name: true, url: true, contentType: true, width: true, height: true })

export const AssetSummary = Asset.pick({
  id: true,
  projectId: true,
  externalId: true,
  revision: true,
  status: true,
  kind: true,
  filename: true,
  folder: true,
  contentType: true,
  byteSize: true,
  sha256: true,
  tags: true,
  width: true,
  height: true,
  durationMs: true,
  pageCount: true,
  animated: true,
  placeholder: true,
  progress: true,
  error: true,
  warnings: true,
  createdAt: true,
  confirmedAt: true,
  readyAt: true,
  expiresAt: true,
})
  .extend({ preview: Preview.nullable().meta({ description: 'The smallest picture that was made of it.' }) })
  .meta({ id: 'AssetSummary', description: 'What a list shows of an asset: its own small fields and one picture.' })
export type AssetSummary = z.output<typeof AssetSummary>

export const Job = z
  .object({
    id,
    assetId: id.nullable(),
    name: z.string(),
    lane: z.enum(LANES),
    status: z.enum(JOB_STATUSES),
    progress: z.number().min(0).max(1),
    stage: z.string().nullable(),
    attempt: z.int(),
    maxAttempts: z.int(),
    availableAt: time,
    error: ResourceError.nullable(),
    queuedAt: time,
    startedAt: time.nullable().meta({ description: 'When the attempt began that is running, or was the last.' }),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Job' })
export type Job = z.output<typeof Job>

export const Problem = z
  .object({
    type: z.string().meta({ description: 'Where the code is explained.' }),
    title: z.string().meta({ description: 'The same for every problem with this code.' }),
    status: z.int().meta({ description: 'The HTTP status.' }),
    detail: z.string().meta({ description: 'What is wrong here and what to do next, for people.' }),
    code: KnownErrorCode,
    requestId: z.string().meta({ description: 'As in `X-Request-Id` and in the log of the API.' }),
    errors: z
      .array(z.object({ path: z.string().meta({ examples: ['body.filename'] }), message: z.string() }))
      .optional()
      .meta({ description: 'Of `INVALID_REQUEST`: each field that is not as expected.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })
export type Problem = z.output<typeof Problem>

export const DeletionReceipt = z
  .object({
    objects: z.int().meta({ description: 'Objects that were removed, in all their versions.' }),
    bytes,
    requestedAt: time,
    firstPassAt: time,
    secondPassAt: time.meta({ description: 'From here on nothing could write any of the keys any more.' }),
  })
  .meta({ id: 'DeletionReceipt', description: 'What a deletion removed.' })
export type DeletionReceipt = z.output<typeof DeletionReceipt>
