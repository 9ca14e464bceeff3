import type { Chapter } from '../facts.ts'
import { timestamp } from '../webvtt/timestamp.ts'

/** Characters that would begin a tag, a reference or an arrow (W3C WebVTT, 4.2). */
const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Returns WebVTT of kind `chapters`: one cue for each, whose text is its title. */
export const chaptersVtt = (chapters: readonly Chapter[]): string => ['WEBVTT\n', ...chapters.map(cue)].join('\n')

const cue = ({ startMs, endMs, title }: Chapter): string =>
  `${timestamp(startMs)} --> ${timestamp(endMs)}\n${title.replace(/[&<>]/g, character => ESCAPES[character] ?? '')}\n`
