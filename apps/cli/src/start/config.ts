import { z } from 'zod'

/** What `darkroom start` alone reads. */
export const StartConfig = z.object({
  DARKROOM_DATA: z.string().default('.darkroom').describe('Data folder of `darkroom start`.'),
  LOCAL_B2_PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(9000)
    .describe('Port of the embedded object store.'),
})
