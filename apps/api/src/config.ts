import { isOrigin, MAX_DELETION_DELAY_HOURS } from '@darkroom/contracts'
import { MAX_SINGLE_PUT_BYTES } from '@darkroom/ingest'
import { z } from 'zod'

const EXACT_ORIGINS =
  'expected origins as browsers send them, comma-separated, such as https://app.example.com; there is no wildcard'

/** What the HTTP edge alone needs to know. */
export const ApiConfig = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('Port of the API and the page.'),
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address to listen on. Local mode, with its well-known key, exists on a loopback address only.'),
  PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'expected the URL under which clients reach this API, for example https://media.example.com',
    })
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .describe('URL under which clients reach this API. Default: where it listens.'),
  DARKROOM_SECRET: z
    .string('expected a random text, the same for every process')
    .min(32, 'expected 32 characters or more')
    .describe(
      'Signs client tokens; the same for every process. `darkroom start` makes one and keeps it in its data folder.',
    ),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list, context) => {
      const origins = list.split(',').flatMap(origin => origin.trim() || [])
      if (!origins.every(isOrigin)) context.addIssue(EXACT_ORIGINS)
      return origins
    })
    .describe('Origins of pages that may call the API from a browser, comma-separated.'),
  MULTIPART_THRESHOLD_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_SINGLE_PUT_BYTES, `expected at most ${MAX_SINGLE_PUT_BYTES}, the largest single PUT of B2`)
    .default(100_000_000)
    .describe('Larger files go up in parts, unless the client decides, in bytes.'),
  UPLOAD_EXPIRES_HOURS: z.coerce
    .number()
    .positive()
    .max(8760)
    .default(24)
    .describe('How long after its creation an upload can be confirmed, in hours.'),
  PROJECT_DELETION_DELAY_HOURS: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_DELETION_DELAY_HOURS)
    .default(168)
    .describe(
      `How long a project that is to be deleted can be restored, unless the request says it, in hours; at most ${MAX_DELETION_DELAY_HOURS}.`,
    ),
  PRESIGN_TTL_SEC: z.coerce
    .number()
    .int()
    .min(1)
    .max(604_800)
    .default(900)
    .describe('How long a signed upload URL lives, in seconds.'),
  SHUTDOWN_DELAY_SEC: z.coerce
    .number()
    .min(0)
    .max(300)
    .default(0)
    .describe(
      'How long the API goes on taking connections after SIGTERM, while `/readyz` is 503, so that a balancer notices first, in seconds.',
    ),
  SHUTDOWN_GRACE_SEC: z.coerce
    .number()
    .min(0)
    .max(300)
    .default(20)
    .describe('How long requests may go on after that before they are cut, in seconds.'),
})
export type ApiConfig = z.output<typeof ApiConfig>
