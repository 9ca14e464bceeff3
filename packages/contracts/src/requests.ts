import { z } from 'zod'
import { Folder } from './folder.ts'
import { Asset, Job, UPLOAD_TYPES } from './resources.ts'

const MAX_METADATA_BYTES = 16_384
const NUL = '\0'

const byteLength = (text: string) => new TextEncoder().encode(text).length

/** Postgres text and jsonb hold neither NUL nor half of a surrogate pair; a client that sends one is told so with a 400. */
const isStorableText = (text: string) => !text.includes(NUL) && text.isWellFormed()

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => isStorableText(key) && isStorable(item))
}

export const text = (max: number) =>
  z.string().min(1).max(max).refine(isStorableText, 'expected Unicode text without NUL characters')

const metadata = z
  .record(z.string(), z.unknown())
  .refine(value => byteLength(JSON.stringify(value)) <= MAX_METADATA_BYTES, 'expected at most 16384 bytes of JSON')
  .refine(isStorable, 'expected Unicode text without NUL characters')
export const MAX_TAGS = 50
export const tags = z.array(text(100)).max(MAX_TAGS)

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits')

/** What an asset is given when it is made, wherever its bytes come from. */
const newAsset = {
  preset: text(100)
    .optional()
    .meta({ description: 'Such as `gallery`, its newest version, or `gallery@2`. Default: `default`.' }),
  externalId: text(255)
    .optional()
    .meta({ description: 'Your own id of it; no two assets of a project have the same.' }),
  folder: Folder.optional().meta({ description: 'Path of the folder to put it into, such as `2026/summer`.' }),
  metadata: metadata.optional().meta({ description: 'Whatever you want to keep with it, up to 16 kB of JSON.' }),
  tags: tags.optional().meta({ description: 'What it is found by.' }),
}

export const CreateUpload = z
  .object({
    filename: text(1024).meta({ description: 'As people see it; the last part of a path.' }),
    contentType: z.string().max(255).meta({
      description:
        'The type that the bytes have; they are looked at. Of `application/octet-stream` or nothing, what `filename` ends with is taken. PUT the bytes with the type that `upload.headers` says.',
    }),
    byteSize: z.int().meta({ description: 'Exactly as many bytes are taken.' }),
    sha256: Sha256.optional().meta({
      description:
        'Checked against the bytes. When the project has them already, they need not be sent: `upload.type` is `none`.',
    }),
    ...newAsset,
    multipart: z
      .boolean()
      .optional()
      .meta({ description: 'Whether in parts. Without it, the size decides: see `MULTIPART_THRESHOLD_BYTES`.' }),
  })
  .meta({
    id: 'CreateUpload',
    example: {
      filename: 'beach.jpg',
      contentType: 'image/jpeg',
      byteSize: 2_481_337,
      folder: '2026/summer',
      tags: ['sea'],
    },
  })
export type CreateUpload = z.output<typeof CreateUpload>

export const SingleUpload = z
  .object({
    id: z.uuid(),
    type: z.literal('single'),
    method: z.literal('PUT'),
    url: z.url(),
    headers: z.record(z.string(), z.string()),
    expiresAt: z.iso.datetime(),
  })
  .meta({
    id: 'SingleUpload',
    description: 'PUT exactly the declared bytes to `url` with exactly these headers.',
  })
export type SingleUpload = z.output<typeof SingleUpload>

/** S3's and B2's limit: parts have the numbers 1 to 10,000. */
export const MAX_PARTS = 10_000
const partNumber = z.int().min(1).max(MAX_PARTS)

export const SignedPart = z.object({ partNumber, url: z.url(), byteSize: z.int() }).meta({
  id: 'SignedPart',
  description: 'PUT exactly `byteSize` bytes, from `(partNumber - 1) * partSize` on, to `url`.',
})
export type SignedPart = z.output<typeof SignedPart>

export const MultipartUpload = z
  .object({
    id: z.uuid(),
    type: z.literal('multipart'),
    partSize: z.int().meta({ description: 'Bytes of every part but the last.' }),
    partCount: z.int(),
    parts: z
      .array(SignedPart)
      .meta({ description: 'The first that the store does not have; `POST /v1/uploads/:id/parts` signs the others.' }),
    expiresAt: z.iso.datetime().meta({ description: 'When the URLs of `parts` stop working.' }),
  })
  .meta({ id: 'MultipartUpload', description: 'PUT the parts in any order, several at once, then confirm.' })
export type MultipartUpload = z.output<typeof MultipartUpload>

export const NoUpload = z.object({ id: z.uuid(), type: z.literal('none') }).meta({
  id: 'NoUpload',
  description: 'There is nothing to send or confirm: the project had these bytes already, or has them by now.',
})
export type NoUpload = z.output<typeof NoUpload>

export const UploadInstructions = z
  .discriminatedUnion('type', [SingleUpload, MultipartUpload, NoUpload])
  .meta({ id: 'UploadInstructions', description: 'Where and how to put the bytes; see `type`.' })
export type UploadInstructions = z.output<typeof UploadInstructions>

export const UploadCreated = z
  .object({ asset: Asset, upload: UploadInstructions, clientToken: z.string() })
  .meta({ id: 'UploadCreated' })
export type UploadCreated = z.output<typeof UploadCreated>

export const UploadRenewed = z
  .object({ upload: UploadInstructions, clientToken: z.string() })
  .meta({ id: 'UploadRenewed' })

export const UploadState = z
  .object({
    id: z.uuid(),
    assetId: z.uuid(),
    type: z.enum(UPLOAD_TYPES),
    state: z.enum(['awaiting_upload', 'confirmed', 'expired', 'aborted']),
    byteSize: z.int(),
    receivedBytes: z.int().nullable().meta({ description: 'Bytes that the store has, null while it has none.' }),
    partSize: z.int().nullable(),
    partCount: z.int().nullable(),
    parts: z
      .array(z.object({ partNumber, byteSize: z.int(), etag: z.string() }))
      .nullable()
      .meta({ description: 'Of an open multipart upload, the parts that the store has.' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'UploadState' })
export type UploadState = z.output<typeof UploadState>

/** This many parts are signed at most in one request. */
export const MAX_SIGNED_PARTS = 100

export const SignParts = z
  .object({ partNumbers: z.array(partNumber).min(1).max(MAX_SIGNED_PARTS) })
  .meta({ id: 'SignParts', example: { partNumbers: [3, 4, 5] } })

export const PartsSigned = z
  .object({ parts: z.array(SignedPart), expiresAt: z.iso.datetime() })
  .meta({ id: 'PartsSigned' })
export type PartsSigned = z.output<typeof PartsSigned>

export const ConfirmUpload = z
  .object({
    parts: z
      .array(z.object({ partNumber: z.int(), etag: z.string() }))
      .max(MAX_PARTS)
      .optional()
      .meta({ description: 'What the store answered to the parts; compared with what it has, when given.' }),
  })
  .meta({
    id: 'ConfirmUpload',
    example: { parts: [{ partNumber: 1, etag: '"9e107d9d372bb6826bd81d3542a419d6"' }] },
  })

export const UploadConfirmed = z.object({ asset: Asset, job: Job }).meta({ id: 'UploadConfirmed' })
export type UploadConfirmed = z.output<typeof UploadConfirmed>

export const CreateImport = z
  .object({
    url: text(8192).meta({
      description:
        'Where the file is: http or https, port 80 or 443, no user name, on the public internet. It may be signed: it is kept until the file is there and never shown.',
    }),
    filename: text(1024).optional().meta({ description: 'Default: the last part of the URL’s path.' }),
    contentType: z.string().max(255).optional().meta({
      description: 'Default: what the source says it is, or, when that says nothing, what the name ends with.',
    }),
    ...newAsset,
  })
  .meta({
    id: 'CreateImport',
    example: { url: 'https://media.example.com/2026/beach.jpg', externalId: 'photo-1842', tags: ['sea'] },
  })
export type CreateImport = z.output<typeof CreateImport>

export const ImportStarted = z.object({ asset: Asset, job: Job }).meta({
  id: 'ImportStarted',
  description:
    'The asset is `processing`; its `contentType` and `byteSize` (0) say nothing until the file is there. `job` is the import; when it has succeeded, the asset’s job is the one that processes the file.',
})

export const AssetPatch = z
  .object({
    filename: text(1024).optional(),
    folder: Folder.optional(),
    metadata: metadata.optional().meta({ description: 'In the place of all that is there.' }),
    tags: tags.optional().meta({ description: 'In the place of all that are there.' }),
    addTags: tags.optional().meta({ description: 'Beside those that are there; nobody else’s are lost.' }),
    removeTags: tags.optional().meta({ description: 'Those of them that are there.' }),
    externalId: text(255)
      .nullable()
      .optional()
      .meta({ description: 'Of your own; no other asset of the project may have it. Null clears it.' }),
  })
  .refine(({ tags, addTags, removeTags }) => tags === undefined || (addTags ?? removeTags) === undefined, {
    path: ['tags'],
    error: 'expected without `addTags` and `removeTags`',
  })
  .refine(({ addTags = [], removeTags = [] }) => !addTags.some(tag => removeTags.includes(tag)), {
    path: ['removeTags'],
    error: 'expected none of the tags of `addTags`',
  })
  .meta({ id: 'AssetPatch', example: { filename: 'beach at dusk.jpg', tags: ['sea', 'dusk'] } })

export const ReprocessAsset = z
  .object({
    preset: text(100).optional().meta({
      description:
        'Moves the asset to another preset, such as `gallery`, its newest version, or `gallery@2`, once that has made its variants. Default: the version that it has.',
    }),
    only: z.array(text(100)).min(1).max(200).optional().meta({
      description:
        'Names of variants of the asset that are made again, even if they stand, with those that lead to them; all others stay as they are. Not together with `preset`.',
    }),
  })
  .refine(({ preset, only }) => preset === undefined || only === undefined, {
    path: ['only'],
    error: 'expected without `preset`, which makes whatever it changes',
  })
  .meta({ id: 'ReprocessAsset', example: { only: ['thumb'] } })
export type ReprocessAsset = z.output<typeof ReprocessAsset>

export const ReprocessStarted = z.object({ job: Job }).meta({ id: 'ReprocessStarted' })

export const AssetStatusRequest = z
  .object({ ids: z.array(z.uuid()).min(1).max(200) })
  .meta({ id: 'AssetStatusRequest', example: { ids: ['019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'] } })
export const AssetStatusAnswer = z
  .object({
    items: z.array(Asset),
    notFound: z
      .array(z.uuid())
      .meta({ description: 'Ids, as they were given, of which there is no asset, or none any more.' }),
  })
  .meta({ id: 'AssetStatusAnswer' })

export const WaitQuery = z.object({
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(60)
    .optional()
    .meta({ description: 'Seconds to hold the answer until it changes.' }),
})

/** Of what is watched; `request.headers` keeps all others. */
export const IfNoneMatch = z.looseObject({
  'if-none-match': z.string().optional().meta({
    description: 'The `ETag` that you have: 304 while it is still the same, and with `wait` not before it is another.',
  }),
})

export const LastEventId = z.looseObject({
  'last-event-id': z.string().optional().meta({
    description: 'The `id` of the last event that you have; the stream goes on behind it.',
  }),
})

export const FollowQuery = z.object({
  follow: z
    .stringbool()
    .default(false)
    .meta({ description: 'Stays open after the asset is settled, for what happens to it later.' }),
})

export const DownloadQuery = z.object({
  variant: text(63).optional().meta({ description: 'Name of a variant; without it the original.' }),
  ttl: z.coerce
    .number()
    .int()
    .min(1)
    .max(604_800)
    .default(300)
    .meta({ description: 'Seconds that the signed URL lives; with a client token, no longer than that.' }),
})

export const ServiceStatus = z
  .object({
    mode: z.enum(['local', 'configured']),
    version: z.string(),
    uploads: z.enum(['open', 'paused']),
    accepts: z.array(z.string()).meta({ description: 'Media types that an upload may declare.' }),
    maxUploadBytes: z.int(),
    decoders: z.record(z.string(), z.boolean()),
    processing: z.record(z.string(), z.enum(['running', 'paused'])).meta({
      description:
        'By kind of media, whether what is confirmed is worked on, or waits because an operator or an alarm paused that.',
    }),
  })
  .meta({ id: 'ServiceStatus' })
export type ServiceStatus = z.output<typeof ServiceStatus>

const Check = z.object({
  state: z.enum(['ok', 'full', 'failed']),
  latencyMs: z.number(),
  detail: z.string().optional(),
})
export const Readiness = z
  .object({
    status: z.enum(['ok', 'degraded', 'draining', 'failed']).meta({
      description:
        '`degraded` is 200: the store is full, so uploads fail, and no other instance would do better; everything else works.',
    }),
    checks: z.object({ database: Check, queue: Check, store: Check }),
  })
  .meta({ id: 'Readiness' })
export type Readiness = z.output<typeof Readiness>
