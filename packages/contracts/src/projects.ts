import { z } from 'zod'
import { isMediaType, type MediaType, normalizeMediaType } from './media-types.ts'
import { pageOf, pageQuery } from './paging.ts'
import { FailOn, KnownWarningCode } from './warning-schemas.ts'

/** What a key may do inside its project. */
export const SCOPES = ['upload', 'read', 'write', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** `deleting` from the request on, first for as long as it can be undone. */
export const PROJECT_STATUSES = ['active', 'deleting', 'deleted'] as const
export type ProjectStatus = (typeof PROJECT_STATUSES)[number]

const time = z.iso.datetime()
const limit = (max: number, description: string) =>
  z
    .int()
    .min(1)
    .max(max)
    .nullable()
    .meta({ description: `${description} Null: as the installation has it.` })
const bytes = (description: string) => limit(Number.MAX_SAFE_INTEGER, description)

const projectName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'expected up to 100 letters, digits, dots, dashes and underscores, a letter or digit first',
  )
  .meta({ example: 'shop' })

const mediaType = z
  .string()
  .transform(normalizeMediaType)
  .refine((type): type is MediaType => isMediaType(type), 'expected a media type that Darkroom knows; see /v1/status')

/** As a browser sends it in `Origin`. */
export const isOrigin = (text: string): boolean =>
  URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected a URL, for example https://cdn.example.com' })
  .refine(url => !/[?#]/.test(url), 'expected a URL without query and fragment')
  .refine(
    url => /^https?:\/\/[^/@]+(\/[^@]*)?$/i.test(url),
    'expected a URL with a host, and without user name and password',
  )
  .transform(url => url.replace(/\/+$/, ''))

const settings = {
  allowedTypes: z
    .array(mediaType)
    .min(1)
    .max(200)
    .nullable()
    .meta({
      description: 'Media types that uploads may declare. Null: all that this installation takes.',
      example: ['image/jpeg', 'image/png'],
    }),
  detectTypeByContent: z.boolean().meta({
    description:
      'Whether the bytes decide what a file is, where they are not what was declared: `photo.png` with a JPEG in it becomes `image/jpeg`, if that is an allowed type. Otherwise: `TYPE_MISMATCH`.',
  }),
  maxUploadBytes: bytes('Largest upload, at most that of the installation.'),
  quotaBytes: bytes('Bytes that may be stored, those included that open uploads declared.'),
  requestsPerMinute: limit(1_000_000, 'Requests with keys of the project; as many for each client token.'),
  maxOpenUploads: limit(1_000_000, 'Uploads that are neither confirmed nor given up, and imports under way.'),
  maxConcurrency: limit(
    10_000,
    'Jobs that may run at once, in all queues together. Deletions and moves are counted apart from all else, up to the same number.',
  ),
  defaultPreset: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .meta({ description: 'Preset of uploads that name none. Null: `default`.' }),
  cdnBaseUrl: httpUrl.nullable().meta({
    description: 'In front of the public bucket, for this project. Null: `CDN_BASE_URL`.',
    example: 'https://cdn.example.com',
  }),
  browserOrigins: z
    .array(z.string().refine(isOrigin, 'expected an origin as browsers send it, for example https://shop.example.com'))
    .max(100)
    .meta({ description: 'Pages that may call the API, exactly.', example: ['https://shop.example.com'] }),
  failOn: FailOn,
  isPrivate: z.boolean().meta({
    description:
      'Whether variants are kept in the private bucket, behind URLs that expire. What is public already is moved there; the other way nothing is published until it is reprocessed.',
  }),
}

const partialSettings = z.object(settings).partial().shape

export const CreateProject = z.object({ name: projectName, ...partialSettings }).meta({
  id: 'CreateProject',
  example: { name: 'shop', allowedTypes: ['image/jpeg', 'image/png'], quotaBytes: 10_000_000_000 },
})

export const ProjectPatch = z.object({ name: projectName.optional(), ...partialSettings }).meta({
  id: 'ProjectPatch',
  description: 'What is left out stays as it is; null takes a limit away.',
  example: { requestsPerMinute: 600, quotaBytes: null },
})
export type ProjectPatch = z.output<typeof ProjectPatch>

const ProjectDeletion = z
  .object({
    requestedAt: time,
    requestedBy: z.string().meta({ description: 'The public part of the key, as `darkroom keys list` has it.' }),
    startedAt: time
      .nullable()
      .meta({ description: 'From then on the project cannot be restored. Null: it still can.' }),
    finishedAt: time.nullable().meta({ description: 'When nothing of it was left; then this is the receipt.' }),
    assetsLeft: z.int().meta({ description: 'Rows of assets that are left, 10,000 at most.' }),
    removed: z
      .object({ assets: z.int(), objects: z.int(), bytes: z.int(), keys: z.int(), webhooks: z.int(), presets: z.int() })
      .meta({ description: 'What is gone, or given up, so far. Without what was deleted before.' }),
  })
  .meta({ id: 'ProjectDeletion' })
export type ProjectDeletion = z.output<typeof ProjectDeletion>

export const Project = z
  .object({
    id: z.uuid(),
    name: z.string(),
    status: z.enum(PROJECT_STATUSES).meta({
      description:
        '`deleting`: closed to its keys, tokens and links since it was asked for, and deleted at `deletesAt`. `deleted`: what is left is this receipt.',
    }),
    deletesAt: time.nullable().meta({ description: 'When its deletion begins; it can be restored until then.' }),
    ...settings,
    allowedTypes: z.array(z.string()).nullable(),
    cdnBaseUrl: z.string().nullable(),
    browserOrigins: z.array(z.string()),
    failOn: z.array(KnownWarningCode),
    createdAt: time,
    move: z.object({ requestedAt: time, finishedAt: time.nullable() }).nullable().optional().meta({
      description:
        'What was public when the project became private is moved; `finishedAt` is when nothing of it was left. Only where one project is asked for.',
    }),
    deletion: ProjectDeletion.nullable()
      .optional()
      .meta({ description: 'How far its deletion is. Only where one project is asked for.' }),
  })
  .meta({ id: 'Project' })
export type Project = z.output<typeof Project>

export const ProjectQuery = z.object({
  status: z
    .enum(PROJECT_STATUSES)
    .optional()
    .meta({ description: 'Only these. Without it: all that were not deleted.' }),
  name: z.string().max(100).optional().meta({ description: 'Only the project of this name.' }),
  ...pageQuery,
})

/** Ninety days. */
export const MAX_DELETION_DELAY_HOURS = 2160

export const DeleteProjectQuery = z.object({
  confirm: z.string().meta({ description: 'The name of the project, so that no wrong id is enough.', example: 'shop' }),
  delayHours: z
    .string()
    // Not a coercion, for which an empty text would be 0.
    .regex(/^\d{1,4}$/, 'expected whole hours')
    .transform(Number)
    .refine(hours => hours <= MAX_DELETION_DELAY_HOURS, `expected at most ${MAX_DELETION_DELAY_HOURS} hours`)
    .optional()
    .meta({
      description: `For how long it can be restored, in hours, at most ${MAX_DELETION_DELAY_HOURS}; 0 begins at once. Without it: \`PROJECT_DELETION_DELAY_HOURS\`.`,
      example: '168',
    }),
})

export const ProjectPage = pageOf(Project, 'ProjectPage')

const keyName = z.string().trim().min(1).max(100)

export const CreateKey = z
  .object({
    name: keyName.meta({ description: 'What the key is for.', example: 'web shop' }),
    scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
    expiresAt: z.iso
      .datetime({ offset: true })
      .refine(text => Date.parse(text) > Date.now(), 'expected a time that is to come')
      .nullish()
      .meta({ description: 'When the key stops working; without it, when it is revoked.' }),
  })
  .meta({ id: 'CreateKey', example: { name: 'web shop', scopes: ['upload', 'read'] } })

export const ApiKey = z
  .object({
    id: z.uuid(),
    projectId: z.uuid().nullable().meta({ description: 'Null: the key of an operator.' }),
    shortId: z.string().meta({ description: 'The public part of the key, between its underscores.' }),
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: time,
    lastUsedAt: time.nullable().meta({ description: 'To the minute.' }),
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ApiKey', description: 'A key, never its secret.' })
export type ApiKey = z.output<typeof ApiKey>

export const ApiKeyList = z.object({ items: z.array(ApiKey) }).meta({ id: 'ApiKeyList' })

export const ApiKeyQuery = z.object({
  ...pageQuery,
  shortId: z.string().max(100).optional().meta({ description: 'Only the key with this public part.' }),
})
export const ApiKeyPage = pageOf(ApiKey, 'ApiKeyPage')

export const KeyCreated = ApiKey.extend({
  key: z
    .string()
    .nullable()
    .meta({ description: 'The key itself, this once. Null when the request was a repetition: it is not kept.' }),
}).meta({ id: 'KeyCreated' })
export type KeyCreated = z.output<typeof KeyCreated>

/** A week: long enough for any roll-out. */
const MAX_OVERLAP_SEC = 604_800

export const RotateKey = z
  .object({
    overlapSec: z
      .int()
      .min(0)
      .max(MAX_OVERLAP_SEC)
      .default(0)
      .meta({ description: 'How long the old key works beside the new one, in seconds.' }),
  })
  .meta({ id: 'RotateKey', example: { overlapSec: 86_400 } })

export const Usage = z
  .object({
    projectId: z.uuid(),
    bytes: z.int().meta({ description: 'Stored: originals, variants and confirmed uploads.' }),
    objects: z.int(),
    openUploads: z.object({
      count: z.int(),
      bytes: z.int().meta({ description: 'Declared by uploads that are neither confirmed nor given up.' }),
    }),
    jobs: z.object({ queued: z.int(), running: z.int() }),
    quota: z.object({
      bytes: z.int().nullable().meta({ description: 'Null: no limit.' }),
      remainingBytes: z.int().nullable(),
      openUploads: z.int().nullable(),
      requestsPerMinute: z.int().nullable(),
    }),
  })
  .meta({ id: 'Usage' })
export type Usage = z.output<typeof Usage>

/** What counting from the rows has changed of a project's usage. */
const UsageCorrection = z.object({
  projectId: z.uuid(),
  bytes: z.int(),
  objects: z.int(),
  openBytes: z.int(),
  openUploads: z.int(),
})

export const UsageReconciled = z
  .object({ corrections: z.array(UsageCorrection) })
  .meta({ id: 'UsageReconciled', description: 'The difference of each project that was counted wrong; usually none.' })
export type UsageReconciled = z.output<typeof UsageReconciled>
