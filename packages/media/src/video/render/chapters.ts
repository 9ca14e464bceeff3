import type { PlannedChapters } from '../../chapters/planned.ts'
import { writeChapters } from '../../chapters/write-chapters.ts'
import type { VideoRender, Work } from './video-render.ts'

/** Writes the chapters as text: nothing is decoded for it. */
export const chaptersWorks = (context: VideoRender, files: readonly PlannedChapters[]): Work[] =>
  files.map(planned => ({ variants: [planned], weight: 0, make: () => writeChapters(context, planned) }))
