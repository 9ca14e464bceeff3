import { z } from 'zod'
import { shownDetails } from './asset-details.ts'
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
    message: z.string().meta({ description: 'Message for people; the text may change.' }),
    retryable: z.boolean().meta({ description: 'Whether a retry can succeed.' }),
  })
  .meta({ id: 'ResourceError', description: 'Why something failed, with a code of the error reference.' })
export type ResourceError = z.output<typeof ResourceError>

export const AssetWarning = z
  .object({
    code: KnownWarningCode,
    message: z.string().meta({ description: 'What the code means, for people; the text may change.' }),
    detail: z.string().meta({ description: 'What was found in this file, for people; the text may change.' }),
  })
  .meta({
    id: 'AssetWarning',
    description: 'What was lost, repaired or assumed in a file that was processed anyway.',
    examples: [
      {
        code: 'SOURCE_TRUNCATED',
        message: 'The file is truncated. The part that exists was processed.',
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
    required: z.boolean().meta({ description: 'Whether the asset fails if this variant fails.' }),
    status: z
      .enum(VARIANT_STATUSES)
      .meta({ description: '`skipped`: a condition of the preset does not apply to this file.' }),
    url: z.url().nullable().meta({ description: 'Public URL, behind the CDN; null if there is none.' }),
    contentType: z.string().nullable(),
    byteSize: bytes.nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    sha256: z.string().nullable(),
    error: ResourceError.optional().meta({
      description:
        'Why it could not be made; `retryable` if the `job` of the asset retries it automatically. If the variant is `ready`, the previous file is still published.',
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
    revision: z.int().meta({ description: 'Increases with every change.' }),
    status: z.enum(ASSET_STATUSES).meta({
      description:
        '`ready`: every variant is ready. `partial`: every required variant is ready, an optional one failed. `failed`: see `error`. `expired`: the upload was not confirmed in time.',
    }),
    kind: z
      .enum(MEDIA_KINDS)
      .nullable()
      .meta({ description: 'Kind of media, detected from the bytes; null until then.' }),
    filename: z.string(),
    contentType: z.string(),
    byteSize: bytes,
    sha256: z.string().nullable().meta({ description: 'SHA-256 of the bytes, in hexadecimal.' }),
    ...shownDetails,
    width: z.int().nullable().meta({ description: 'In pixels, after applying the orientation.' }),
    height: z.int().nullable().meta({ description: 'In pixels, after applying the orientation.' }),
    durationMs: z.int().nullable(),
    pageCount: z.int().nullable(),
    animated: z.boolean().nullable(),
    placeholder: Placeholder.nullable(),
    facts: z.record(z.string(), z.unknown()).meta({
      description:
        'More facts by kind: orientation, colour, frames and camera of an image; codecs, frame rate, rotation, HDR and `chapters` (`startMs`, `endMs`, `title`) of a video; sample rate, channels, tags and `chapters` of audio; title of a document. Never a GPS position or a serial number.',
      examples: [{ orientation: 6, frameCount: 1, colorSpace: 'srgb', bitDepth: 8, camera: { make: 'Apple' } }],
    }),
    preset: PresetRef,
    original: z
      .object({ downloadUrl: z.url().meta({ description: 'Needs the same API key, and redirects to a signed URL.' }) })
      .nullable(),
    variants: z.array(Variant),
    job: JobSummary.nullable(),
    progress: z.number().min(0).max(1).meta({
      description:
        'Progress of processing: 0 until it starts (also during an upload, an import or in the queue; an import has `job.progress`), 1 when settled.',
    }),
    estimatedReadyAt: time.nullable().meta({
      description:
        'Estimated time when processing is done, from its progress, the queue and earlier jobs of this preset. Null if unknown, for example while its queue is paused.',
    }),
    error: ResourceError.nullable(),
    warnings: z.array(AssetWarning).meta({
      description:
        'Problems of the file itself, at most one per code; empty if none are known. Detected while the file is processed, and again each time that everything is reprocessed.',
    }),
    createdAt: time,
    confirmedAt: time.nullable().meta({ description: 'When the arrival of the bytes was detected.' }),
    firstPreviewAt: time.nullable().meta({ description: 'When the first variant was ready.' }),
    readyAt: time.nullable(),
    expiresAt: time.nullable().meta({ description: 'Until when the upload can be confirmed.' }),
    deleteAt: time.nullable().meta({ description: 'When it will be deleted, unless it is restored before.' }),
    sourceExpiresAt: time.nullable().meta({ description: 'Until when the source of a failed asset is kept.' }),
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
  deleteAt: true,
})
  .extend({ preview: Preview.nullable().meta({ description: 'The smallest image that was made of it.' }) })
  .meta({ id: 'AssetSummary', description: 'An asset as shown in lists: its small fields and one preview image.' })
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
    startedAt: time.nullable().meta({ description: 'When the current or last attempt started.' }),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Job' })
export type Job = z.output<typeof Job>

export const Problem = z
  .object({
    type: z.string().meta({ description: 'URL that explains the code.' }),
    title: z.string().meta({ description: 'Title of the code.' }),
    status: z.int().meta({ description: 'The HTTP status.' }),
    detail: z.string().meta({ description: 'What is wrong and what to do next, for people.' }),
    code: KnownErrorCode,
    requestId: z.string().meta({ description: 'The same as in `X-Request-Id` and in the logs.' }),
    errors: z
      .array(z.object({ path: z.string().meta({ examples: ['body.filename'] }), message: z.string() }))
      .optional()
      .meta({ description: 'For `INVALID_REQUEST`: each invalid field.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })
export type Problem = z.output<typeof Problem>

export const DeletionReceipt = z
  .object({
    objects: z.int().meta({ description: 'Number of removed objects, each with all its versions.' }),
    bytes,
    requestedAt: time,
    firstPassAt: time,
    secondPassAt: time.meta({
      description: 'When the deletion was final: from then on none of the keys could be written.',
    }),
  })
  .meta({ id: 'DeletionReceipt', description: 'Receipt of a deletion: what was removed, and when.' })
export type DeletionReceipt = z.output<typeof DeletionReceipt>
