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
    .meta({ description: `${description} Null: the default of the installation.` })
const bytes = (description: string) => limit(Number.MAX_SAFE_INTEGER, description)

const projectName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'expected up to 100 letters, digits, dots, dashes and underscores, starting with a letter or digit',
  )
  .meta({ example: 'shop' })

const mediaType = z
  .string()
  .transform(normalizeMediaType)
  .refine((type): type is MediaType => isMediaType(type), 'expected a supported media type; see /v1/status')

/** Returns whether a text is an origin, as a browser sends it in `Origin`. */
export const isOrigin = (text: string): boolean =>
  URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected a URL, for example https://cdn.example.com' })
  .refine(url => !/[?#]/.test(url), 'expected a URL without a query or fragment')
  .refine(
    url => /^https?:\/\/[^/@]+(\/[^@]*)?$/i.test(url),
    'expected a URL with a host, and without a user name or password',
  )
  .transform(url => url.replace(/\/+$/, ''))

const settings = {
  allowedTypes: z
    .array(mediaType)
    .min(1)
    .max(200)
    .nullable()
    .meta({
      description:
        'Media types that uploads can declare; others are refused with 415 `UNSUPPORTED_TYPE`. Null: all types that this installation supports.',
      example: ['image/jpeg', 'image/png'],
    }),
  detectTypeByContent: z.boolean().meta({
    description:
      'Whether the detected type replaces a wrong declared type: `photo.png` with a JPEG in it becomes `image/jpeg`, if that type is allowed. If false, such a file fails with `TYPE_MISMATCH`.',
  }),
  maxUploadBytes: bytes(
    'Maximum size of an upload in bytes, at most that of the installation; larger ones are refused with 413 `TOO_LARGE`.',
  ),
  quotaBytes: bytes(
    'Storage quota in bytes. The declared sizes of open uploads count too. Beyond it uploads are refused with 422 `QUOTA_EXCEEDED`.',
  ),
  requestsPerMinute: limit(
    1_000_000,
    'Maximum requests per minute with API keys of the project, and the same for each client token; more are refused with 429 `RATE_LIMITED` and `Retry-After`.',
  ),
  maxOpenUploads: limit(
    1_000_000,
    'Maximum number of open uploads (not confirmed, aborted or expired) and running imports; more are refused with 429 `RATE_LIMITED` and `Retry-After`.',
  ),
  maxConcurrency: limit(
    10_000,
    'Maximum number of concurrent jobs, in all queues together. Deletions and moves are counted separately, with the same limit.',
  ),
  defaultPreset: z
    .string()
    .min(1)
    .max(100)
    .nullable()
    .meta({ description: 'Preset of uploads that do not name one. Null: `default`.' }),
  cdnBaseUrl: httpUrl.nullable().meta({
    description: 'Base URL of the CDN in front of the public bucket, for this project. Null: `CDN_BASE_URL`.',
    example: 'https://cdn.example.com',
  }),
  browserOrigins: z
    .array(z.string().refine(isOrigin, 'expected an origin, for example https://shop.example.com'))
    .max(100)
    .meta({
      description:
        'Origins of web pages that can call the API (CORS). They must match exactly; others are refused with 403 `FORBIDDEN`, or by the browser.',
      example: ['https://shop.example.com'],
    }),
  failOn: FailOn,
  isPrivate: z.boolean().meta({
    description:
      'Whether variants are stored in the private bucket, with URLs that expire. Files that are already public are moved there. When it is switched off, a private file only becomes public when its asset is reprocessed.',
  }),
}

const Settings = z.object(settings)
export type ProjectSettings = z.output<typeof Settings>

/** The settings of a project that has none: everything as the installation has it. */
export const NO_SETTINGS: ProjectSettings = {
  allowedTypes: null,
  detectTypeByContent: false,
  maxUploadBytes: null,
  quotaBytes: null,
  requestsPerMinute: null,
  maxOpenUploads: null,
  maxConcurrency: null,
  defaultPreset: null,
  cdnBaseUrl: null,
  browserOrigins: [],
  failOn: [],
  isPrivate: false,
}

const partialSettings = Settings.partial().shape

export const CreateProject = z.object({ name: projectName, ...partialSettings }).meta({
  id: 'CreateProject',
  example: { name: 'shop', allowedTypes: ['image/jpeg', 'image/png'], quotaBytes: 10_000_000_000 },
})

export const ProjectPatch = z.object({ name: projectName.optional(), ...partialSettings }).meta({
  id: 'ProjectPatch',
  description: 'Fields that are left out stay as they are; null removes a limit.',
  example: { requestsPerMinute: 600, quotaBytes: null },
})
export type ProjectPatch = z.output<typeof ProjectPatch>

const ProjectDeletion = z
  .object({
    requestedAt: time,
    requestedBy: z.string().meta({ description: 'The public part of the API key, as shown by `darkroom keys list`.' }),
    startedAt: time.nullable().meta({
      description:
        'When the deletion started; from then on the project cannot be restored. Null: it can still be restored.',
    }),
    finishedAt: time
      .nullable()
      .meta({ description: 'When the deletion was complete. This object is then the receipt.' }),
    assetsLeft: z.int().meta({ description: 'Number of asset rows that are left, at most 10,000.' }),
    removed: z
      .object({ assets: z.int(), objects: z.int(), bytes: z.int(), keys: z.int(), webhooks: z.int(), presets: z.int() })
      .meta({ description: 'What was deleted so far, without what had been deleted before.' }),
  })
  .meta({ id: 'ProjectDeletion' })
export type ProjectDeletion = z.output<typeof ProjectDeletion>

export const Project = z
  .object({
    id: z.uuid(),
    name: z.string(),
    status: z.enum(PROJECT_STATUSES).meta({
      description:
        '`deleting`: its keys, tokens and links no longer work, and it is deleted at `deletesAt`. `deleted`: only this receipt is left.',
    }),
    deletesAt: time
      .nullable()
      .meta({ description: 'When the deletion starts; until then the project can be restored.' }),
    ...settings,
    allowedTypes: z.array(z.string()).nullable(),
    cdnBaseUrl: z.string().nullable(),
    browserOrigins: z.array(z.string()),
    failOn: z.array(KnownWarningCode),
    createdAt: time,
    move: z.object({ requestedAt: time, finishedAt: time.nullable() }).nullable().optional().meta({
      description:
        'Progress of moving public files to the private bucket, after the project became private; `finishedAt` is set when no public file is left. Only in the response for a single project.',
    }),
    deletion: ProjectDeletion.nullable()
      .optional()
      .meta({ description: 'Progress of the deletion. Only in the response for a single project.' }),
  })
  .meta({ id: 'Project' })
export type Project = z.output<typeof Project>

export const ProjectQuery = z.object({
  status: z
    .enum(PROJECT_STATUSES)
    .optional()
    .meta({ description: 'Only projects with this status. Default: all that are not deleted.' }),
  name: z.string().max(100).optional().meta({ description: 'Only the project with this name.' }),
  ...pageQuery,
})

/** Ninety days. */
export const MAX_DELETION_DELAY_HOURS = 2160

export const DeleteProjectQuery = z.object({
  confirm: z
    .string()
    .meta({ description: 'The name of the project, as protection against a wrong id.', example: 'shop' }),
  delayHours: z
    .string()
    // Not a coercion, for which an empty text would be 0.
    .regex(/^\d{1,4}$/, 'expected whole hours')
    .transform(Number)
    .refine(hours => hours <= MAX_DELETION_DELAY_HOURS, `expected at most ${MAX_DELETION_DELAY_HOURS} hours`)
    .optional()
    .meta({
      description: `How long the project can be restored, in hours, at most ${MAX_DELETION_DELAY_HOURS}; 0 starts the deletion immediately. Default: \`PROJECT_DELETION_DELAY_HOURS\`.`,
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
      .refine(text => Date.parse(text) > Date.now(), 'expected a time in the future')
      .nullish()
      .meta({ description: 'When the key expires. Default: never.' }),
  })
  .meta({ id: 'CreateKey', example: { name: 'web shop', scopes: ['upload', 'read'] } })

export const ApiKey = z
  .object({
    id: z.uuid(),
    projectId: z.uuid().nullable().meta({ description: 'Null for an operator key.' }),
    shortId: z.string().meta({ description: 'The public part of the key, between its underscores.' }),
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: time,
    lastUsedAt: time.nullable().meta({ description: 'To the minute.' }),
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ApiKey', description: 'An API key, without its secret.' })
export type ApiKey = z.output<typeof ApiKey>

/** What somebody may do who holds a key, and where. */
export const CurrentKey = z
  .object({
    shortId: z
      .string()
      .nullable()
      .meta({ description: 'The public part of the key. Null for the fixed key of local mode.' }),
    scopes: z.array(z.string()).meta({ description: 'What the key may do: `upload`, `read`, `write`, `admin`.' }),
    isOperator: z.boolean().meta({ description: 'Whether the key reaches all projects and the installation itself.' }),
    project: z
      .object({ id: z.uuid(), name: z.string(), isPrivate: z.boolean() })
      .nullable()
      .meta({ description: 'The project that the key belongs to. Null for an operator key.' }),
  })
  .meta({ id: 'CurrentKey', description: 'What the API key of the request may do.' })
export type CurrentKey = z.output<typeof CurrentKey>

export const ApiKeyList = z.object({ items: z.array(ApiKey) }).meta({ id: 'ApiKeyList' })

export const ApiKeyQuery = z.object({
  ...pageQuery,
  shortId: z.string().max(100).optional().meta({ description: 'Only the key with this public part (prefix).' }),
})
export const ApiKeyPage = pageOf(ApiKey, 'ApiKeyPage')

export const KeyCreated = ApiKey.extend({
  key: z.string().nullable().meta({
    description: 'The API key. It is shown only once and not stored; null in the response to a repeated request.',
  }),
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
      .meta({ description: 'How long the old key still works, in seconds.' }),
  })
  .meta({ id: 'RotateKey', example: { overlapSec: 86_400 } })

export const Usage = z
  .object({
    projectId: z.uuid(),
    bytes: z.int().meta({ description: 'Stored bytes: originals, variants and confirmed uploads.' }),
    objects: z.int(),
    openUploads: z.object({
      count: z.int(),
      bytes: z.int().meta({ description: 'Bytes declared by open uploads.' }),
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
  .meta({ id: 'UsageReconciled', description: 'Differences of projects whose usage was counted wrong; usually empty.' })
export type UsageReconciled = z.output<typeof UsageReconciled>
