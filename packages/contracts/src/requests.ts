import { z } from 'zod'
import { givenDetails, patchedDetails, tags } from './asset-details.ts'
import { Asset, Job, Problem, UPLOAD_TYPES } from './resources.ts'
import { text } from './storable-text.ts'

/** Limits of one part at B2, but for the last of a file (docs/b2.md). */
export const MIN_PART_BYTES = 5_000_000
const MAX_PART_BYTES = 5_000_000_000

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits')

/** What an asset is given when it is made, wherever its bytes come from. */
const newAsset = {
  preset: text(100).optional().meta({
    description:
      'A preset: `gallery` is its newest version, `gallery@2` is version 2. Default: `defaultPreset` of the project, else `default`.',
  }),
  ...givenDetails,
}

export const CreateUpload = z
  .object({
    filename: text(1024).meta({ description: 'Name of the file. Of a path, the last part is used.' }),
    contentType: z.string().max(255).meta({
      description:
        'Media type of the file; it is checked against the bytes. If it is `application/octet-stream` or missing, the extension of `filename` decides. PUT the bytes with the type in `upload.headers`.',
    }),
    byteSize: z.int().meta({ description: 'Exact size of the file in bytes.' }),
    sha256: Sha256.optional().meta({
      description:
        'SHA-256 of the file, checked against the bytes. If the project already has this file, nothing needs to be sent: `upload.type` is `none`.',
    }),
    ...newAsset,
    multipart: z.boolean().optional().meta({
      description: 'Whether to upload in parts. Default: depends on the size, see `MULTIPART_THRESHOLD_BYTES`.',
    }),
    partSize: z.int().min(MIN_PART_BYTES).max(MAX_PART_BYTES).optional().meta({
      description:
        'Size of every part except the last in bytes, if the file is uploaded in parts by a client that divides it itself. A file has at most 10,000 parts. Default: 16 MiB for most files.',
    }),
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

/** So many uploads one request creates or confirms at most. */
export const MAX_BATCH = 100

export const CreateUploads = z
  .object({
    uploads: z
      .array(
        CreateUpload.extend({
          idempotencyKey: z
            .string()
            .regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 visible ASCII characters')
            .optional()
            .meta({
              description:
                'As `Idempotency-Key` of `POST /v1/uploads` with this one upload: it is created only once, by whichever of the two operations.',
            }),
        }).meta({ id: 'CreateUploadOfMany' }),
      )
      .min(1)
      .max(MAX_BATCH),
  })
  .meta({
    id: 'CreateUploads',
    example: {
      uploads: [
        { filename: 'beach.jpg', contentType: 'image/jpeg', byteSize: 2_481_337, folder: '2026/summer' },
        { filename: 'sea.jpg', contentType: 'image/jpeg', byteSize: 1_204_112, folder: '2026/summer' },
      ],
    },
  })
export type CreateUploads = z.output<typeof CreateUploads>

export const ConfirmUploads = z
  .object({ ids: z.array(z.uuid()).min(1).max(MAX_BATCH).meta({ description: 'Ids of uploads.' }) })
  .meta({ id: 'ConfirmUploads', example: { ids: ['019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071'] } })
export type ConfirmUploads = z.output<typeof ConfirmUploads>

/** Longest that a form can be sent. */
const MAX_FORM_SEC = 86_400

export const CreateForm = z
  .object({
    ...newAsset,
    redirectTo: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .optional()
      .meta({
        description:
          'Where the browser goes after a success, with `assetId` in the query. Its origin must be in `browserOrigins` of the project. Default: the response is JSON.',
      }),
    expiresInSec: z.int().min(1).max(MAX_FORM_SEC).optional().meta({
      description: 'How long the form can be sent, in seconds. Default: 3600.',
    }),
  })
  .omit({ externalId: true })
  .meta({ id: 'CreateForm', example: { folder: '2026/summer', redirectTo: 'https://app.example.com/thanks' } })
export type CreateForm = z.output<typeof CreateForm>

export const FormCreated = z
  .object({
    action: z.url().meta({ description: 'Where the form is sent: `method="post" enctype="multipart/form-data"`.' }),
    fields: z.object({ token: z.string() }).meta({ description: 'Hidden inputs, which stand before the file.' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'FormCreated' })
export type FormCreated = z.output<typeof FormCreated>

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
    description: 'PUT the file to `url`, with exactly the declared size and these headers.',
  })
export type SingleUpload = z.output<typeof SingleUpload>

/** S3's and B2's limit: parts have the numbers 1 to 10,000. */
export const MAX_PARTS = 10_000
const partNumber = z.int().min(1).max(MAX_PARTS)

export const SignedPart = z.object({ partNumber, url: z.url(), byteSize: z.int() }).meta({
  id: 'SignedPart',
  description: 'PUT `byteSize` bytes of the file to `url`, starting at offset `(partNumber - 1) * partSize`.',
})
export type SignedPart = z.output<typeof SignedPart>

export const MultipartUpload = z
  .object({
    id: z.uuid(),
    type: z.literal('multipart'),
    partSize: z.int().meta({ description: 'Size of every part except the last, in bytes.' }),
    partCount: z.int(),
    parts: z.array(SignedPart).meta({
      description:
        'The first parts that are missing in the store; `POST /v1/uploads/:id/parts` returns URLs for the others.',
    }),
    expiresAt: z.iso.datetime().meta({ description: 'When the URLs of `parts` expire.' }),
  })
  .meta({ id: 'MultipartUpload', description: 'PUT the parts in any order, in parallel if you like, then confirm.' })
export type MultipartUpload = z.output<typeof MultipartUpload>

export const NoUpload = z.object({ id: z.uuid(), type: z.literal('none') }).meta({
  id: 'NoUpload',
  description: 'Nothing to send or confirm: the project already has this file.',
})
export type NoUpload = z.output<typeof NoUpload>

export const UploadInstructions = z
  .discriminatedUnion('type', [SingleUpload, MultipartUpload, NoUpload])
  .meta({ id: 'UploadInstructions', description: 'How to upload the file; see `type`.' })
export type UploadInstructions = z.output<typeof UploadInstructions>

export const UploadCreated = z
  .object({ asset: Asset, upload: UploadInstructions, clientToken: z.string() })
  .meta({ id: 'UploadCreated' })
export type UploadCreated = z.output<typeof UploadCreated>

const UploadOfManyCreated = UploadCreated.extend({ outcome: z.literal('created') }).meta({ id: 'UploadOfManyCreated' })

export const ItemRefused = z
  .object({ outcome: z.literal('refused'), error: Problem })
  .meta({ id: 'ItemRefused', description: 'One of several was refused: nothing of it was done.' })

export const UploadsCreated = z
  .object({
    items: z
      .array(z.discriminatedUnion('outcome', [UploadOfManyCreated, ItemRefused]))
      .meta({ description: 'In the order of the request.' }),
  })
  .meta({ id: 'UploadsCreated' })
export type UploadsCreated = z.output<typeof UploadsCreated>

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
    receivedBytes: z.int().nullable().meta({ description: 'Number of bytes in the store; null if there are none.' }),
    partSize: z.int().nullable(),
    partCount: z.int().nullable(),
    parts: z
      .array(z.object({ partNumber, byteSize: z.int(), etag: z.string() }))
      .nullable()
      .meta({ description: 'For an open multipart upload: the parts that the store has.' }),
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
      .meta({
        description:
          'The `ETag`s that the store returned for the parts. If given, they are compared with the parts in the store.',
      }),
  })
  .meta({
    id: 'ConfirmUpload',
    example: { parts: [{ partNumber: 1, etag: '"9e107d9d372bb6826bd81d3542a419d6"' }] },
  })

export const UploadConfirmed = z.object({ asset: Asset, job: Job }).meta({ id: 'UploadConfirmed' })
export type UploadConfirmed = z.output<typeof UploadConfirmed>

const uploadId = { uploadId: z.uuid() }

export const UploadsConfirmed = z
  .object({
    items: z
      .array(
        z.discriminatedUnion('outcome', [
          UploadConfirmed.extend({ ...uploadId, outcome: z.literal('confirmed') }).meta({
            id: 'UploadOfManyConfirmed',
          }),
          ItemRefused.extend(uploadId).meta({ id: 'UploadRefused', description: 'This upload was not confirmed.' }),
        ]),
      )
      .meta({ description: 'In the order of the request.' }),
  })
  .meta({ id: 'UploadsConfirmed' })
export type UploadsConfirmed = z.output<typeof UploadsConfirmed>

export const CreateImport = z
  .object({
    url: text(8192).meta({
      description:
        'URL of the file: http or https, port 80 or 443, without user name, on the public internet. It can be a signed URL: it is stored until the import is done, and never shown.',
    }),
    filename: text(1024)
      .optional()
      .meta({ description: 'Name of the file. Default: the last part of the path of the URL.' }),
    contentType: z.string().max(255).optional().meta({
      description: 'Media type. Default: the type that the source sends, else by the extension of the name.',
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
    'The asset is `processing`. Its `contentType` and `byteSize` (0) are unknown until the file is downloaded. `job` is the import; when it has succeeded, the job of the asset is the one that processes the file.',
})

export const AssetPatch = z
  .object({
    filename: text(1024).optional(),
    ...patchedDetails,
    addTags: tags.optional().meta({ description: 'Adds these tags and keeps the others.' }),
    removeTags: tags.optional().meta({ description: 'Removes these tags and keeps the others.' }),
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
        'Switches the asset to another preset when its variants are ready: `gallery` is the newest version, `gallery@2` is version 2. Default: the current version.',
    }),
    only: z.array(text(100)).min(1).max(200).optional().meta({
      description:
        'Names of variants to make again even if they are ready, with the playlists that refer to them; all others stay as they are. Not together with `preset`.',
    }),
  })
  .refine(({ preset, only }) => preset === undefined || only === undefined, {
    path: ['only'],
    error: 'expected without `preset`, because a preset decides which variants are made',
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
    notFound: z.array(z.uuid()).meta({ description: 'Requested ids without an asset, or whose asset was deleted.' }),
  })
  .meta({ id: 'AssetStatusAnswer' })

export const WaitQuery = z.object({
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(60)
    .optional()
    .meta({ description: 'Long polling: seconds to wait for a change before the response is sent.' }),
})

/** Of what is watched; `request.headers` keeps all others. */
export const IfNoneMatch = z.looseObject({
  'if-none-match': z.string().optional().meta({
    description:
      'The `ETag` that you have. The response is 304 if nothing changed; with `wait`, it is sent as soon as something changes.',
  }),
})

export const LastEventId = z.looseObject({
  'last-event-id': z.string().optional().meta({
    description: 'The `id` of the last event that you received; the stream continues after it.',
  }),
})

export const FollowQuery = z.object({
  follow: z
    .stringbool()
    .default(false)
    .meta({ description: 'Keeps the stream open after the asset is settled, for later changes.' }),
})

export const DownloadQuery = z.object({
  variant: text(63).optional().meta({ description: 'Name of a variant. Default: the original.' }),
  ttl: z.coerce.number().int().min(1).max(604_800).default(300).meta({
    description: 'Lifetime of the signed URL in seconds; with a client token, at most the lifetime of the token.',
  }),
})

export const ServiceStatus = z
  .object({
    mode: z.enum(['local', 'configured']),
    version: z.string(),
    uploads: z.enum(['open', 'paused']),
    accepts: z.array(z.string()).meta({ description: 'Media types that an upload can declare.' }),
    maxUploadBytes: z.int(),
    decoders: z.record(z.string(), z.boolean()),
    processing: z.record(z.string(), z.enum(['running', 'paused'])).meta({
      description:
        'By kind of media, whether confirmed uploads are processed, or wait because an operator or an alarm paused processing.',
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
        '`degraded` has HTTP status 200: the storage cap is reached, so uploads fail on every instance; everything else works.',
    }),
    checks: z.object({ database: Check, queue: Check, store: Check }),
  })
  .meta({ id: 'Readiness' })
export type Readiness = z.output<typeof Readiness>
