import { isOrigin, MAX_DELETION_DELAY_HOURS } from '@darkroom/contracts'
import { MAX_SINGLE_PUT_BYTES } from '@darkroom/ingest'
import { z } from 'zod'

const EXACT_ORIGINS = 'expected origins, comma-separated, such as https://app.example.com; wildcards are not supported'

/** A quarter of an hour, as long as a leaked URL is good for something. */
const MAX_PRESIGN_TTL_SEC = 900

/** What the HTTP edge alone needs to know. */
export const ApiConfig = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000).describe('Port of the API and the page.'),
  HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address to listen on. Local mode, with its well-known API key, needs a loopback address.'),
  PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'expected the URL under which clients reach this API, for example https://media.example.com',
    })
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .describe('Public URL of this API. Default: the address that it listens on.'),
  DOCS_URL: z
    .url({ protocol: /^https?$/, error: 'expected the URL of a documentation site, such as https://docs.example.com' })
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'Where you publish the documentation site (`npm run docs:site`). The `type` of an error links there: `<DOCS_URL>/errors#<code>`. Default: `/docs` of this API.',
    ),
  DARKROOM_SECRET: z
    .string('expected a random string, the same for every process')
    .min(32, 'expected at least 32 characters')
    .describe(
      'Secret that signs client tokens, views and cursors, and encrypts webhook secrets. It must be the same for every process. `darkroom start` generates one and stores it in its data folder.',
    ),
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list, context) => {
      const origins = list.split(',').flatMap(origin => origin.trim() || [])
      if (!origins.every(isOrigin)) context.addIssue(EXACT_ORIGINS)
      return origins
    })
    .describe('Origins of web pages that can call the API (CORS), comma-separated.'),
  MULTIPART_THRESHOLD_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_SINGLE_PUT_BYTES, `expected at most ${MAX_SINGLE_PUT_BYTES}, the largest single PUT of B2`)
    .default(100_000_000)
    .describe('Files larger than this are uploaded in parts, unless the client sets `multipart`, in bytes.'),
  UPLOAD_EXPIRES_HOURS: z.coerce
    .number()
    .positive()
    .max(8760)
    .default(24)
    .describe('Time to confirm an upload after its creation, in hours.'),
  FORM_MAX_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .max(MAX_SINGLE_PUT_BYTES, `expected at most ${MAX_SINGLE_PUT_BYTES}`)
    .default(100_000_000)
    .describe('Maximum size of a file in an HTML form, which passes through the API, in bytes.'),
  ARCHIVE_MAX_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .max(Number.MAX_SAFE_INTEGER)
    .default(20_000_000_000)
    .describe('Maximum size of the files that are downloaded together as a ZIP file, in bytes.'),
  PROJECT_DELETION_DELAY_HOURS: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_DELETION_DELAY_HOURS)
    .default(168)
    .describe(
      `How long a project can be restored after a request to delete it, in hours, at most ${MAX_DELETION_DELAY_HOURS}. A request can set another time.`,
    ),
  PRESIGN_TTL_SEC: z.coerce
    .number()
    .int()
    .min(1)
    .max(
      MAX_PRESIGN_TTL_SEC,
      `expected at most ${MAX_PRESIGN_TTL_SEC}, because whoever has the URL can use it; clients renew it`,
    )
    .default(900)
    .describe(`Lifetime of a signed upload URL, in seconds, at most ${MAX_PRESIGN_TTL_SEC}. Clients renew it.`),
  SHUTDOWN_DELAY_SEC: z.coerce
    .number()
    .min(0)
    .max(300)
    .default(0)
    .describe(
      'How long the API still accepts connections after SIGTERM, while `/readyz` is 503, so that a load balancer notices first, in seconds.',
    ),
  SHUTDOWN_GRACE_SEC: z.coerce
    .number()
    .min(0)
    .max(300)
    .default(20)
    .describe('How long running requests can then take before they are aborted, in seconds.'),
})
export type ApiConfig = z.output<typeof ApiConfig>
