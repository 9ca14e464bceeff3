import { UPLOAD_DAYS } from '@darkroom/storage'
import { z } from 'zod'

/** The largest object of B2. */
const MAX_OBJECT_BYTES = 10_000_000_000_000

/**
 * A source that failed before it was promoted lies where the store's rule ends it, by the age of its bytes; the days between
 * are for the time until it failed.
 */
const MAX_FAILED_SOURCE_DAYS = UPLOAD_DAYS - 9

/** What API and workers both go by, so that each variable is declared once. */
export const IngestConfig = z.object({
  MAX_UPLOAD_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .max(MAX_OBJECT_BYTES, `expected at most ${MAX_OBJECT_BYTES}, the largest object of B2`)
    .default(5_000_000_000)
    .describe('Largest upload, and largest file that is imported, in bytes.'),
  ACCEPT_SVG: z
    .stringbool()
    .default(false)
    .describe('Whether SVG drawings are taken; they are only ever published as pixels.'),
  B2_EVENT_SECRET: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, 'expected the signing secret of the event notification rule: 32 letters and digits')
    .optional()
    .describe(
      'Signing secret of the bucket’s event notification rule, which posts to `/v1/hooks/b2`. Without it there is no such route; with it, uploads of which the store told nothing raise an alarm.',
    ),
  SWEEP_AFTER_SEC: z.coerce
    .number()
    .min(1)
    .default(120)
    .describe('How old an upload that nobody confirmed is when the sweeper first looks for its bytes, in seconds.'),
  FAILED_SOURCE_DAYS: z.coerce
    .number()
    .min(0)
    .max(
      MAX_FAILED_SOURCE_DAYS,
      `expected at most ${MAX_FAILED_SOURCE_DAYS}, because the store ends uploads after ${UPLOAD_DAYS}`,
    )
    .default(7)
    .describe(
      `How long the bytes of a failed or cancelled asset, or the URL of such an import, are kept for a requeue, in days; at most ${MAX_FAILED_SOURCE_DAYS}.`,
    ),
})
export type IngestConfig = z.output<typeof IngestConfig>
