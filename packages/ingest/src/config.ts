import { z } from 'zod'

/** What API and workers both go by, so that each variable is declared once. */
export const IngestConfig = z.object({
  SWEEP_AFTER_SEC: z.coerce
    .number()
    .min(1)
    .default(120)
    .describe('How old an upload that nobody confirmed is when the sweeper first looks for its bytes, in seconds.'),
  FAILED_SOURCE_DAYS: z.coerce
    .number()
    .min(0)
    .default(7)
    .describe(
      'How long the bytes of a failed or cancelled asset, or the URL of such an import, are kept for a requeue, in days.',
    ),
})
export type IngestConfig = z.output<typeof IngestConfig>
