import { z } from 'zod'

const Probed = z.object({
  /** Seconds, on the clock of the container. */
  start_time: z.coerce.number(),
  tags: z
    .object({ title: z.string().default('') })
    .prefault({})
    .catch({ title: '' }),
})
export type ProbedChapter = z.output<typeof Probed>

/** What ffprobe says of chapters; one without a time is none. */
export const ProbedChapters = z
  .array(Probed.nullable().catch(null))
  .catch([])
  .default([])
  .transform(chapters => chapters.filter(chapter => chapter !== null))
