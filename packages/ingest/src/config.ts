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
    .describe('Maximum size of an upload or import, in bytes.'),
  ACCEPT_SVG: z
    .stringbool()
    .default(false)
    .describe('Whether SVG uploads are accepted. They are only published as raster images.'),
  B2_EVENT_SECRET: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, 'expected the signing secret of the event notification rule: 32 letters and digits')
    .optional()
    .describe(
      'Signing secret of the event notification rule of the bucket, which posts to `/v1/hooks/b2`. Without it, this route does not exist. With it, an alarm is raised if uploads arrive without an event.',
    ),
  SWEEP_AFTER_SEC: z.coerce
    .number()
    .min(1)
    .default(120)
    .describe('Age of an unconfirmed upload when the sweeper first checks whether its bytes arrived, in seconds.'),
  FAILED_SOURCE_DAYS: z.coerce
    .number()
    .min(0)
    .max(
      MAX_FAILED_SOURCE_DAYS,
      `expected at most ${MAX_FAILED_SOURCE_DAYS}, because the store ends uploads after ${UPLOAD_DAYS}`,
    )
    .default(7)
    .describe(
      `How long the source of a failed or cancelled asset, or the URL of its import, is kept for a requeue, in days, at most ${MAX_FAILED_SOURCE_DAYS}.`,
    ),
})
export type IngestConfig = z.output<typeof IngestConfig>
