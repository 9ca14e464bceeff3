import { type Chapter, MAX_CHAPTERS } from '../facts.ts'
import { cleanTag } from '../ffmpeg/clean-tag.ts'
import type { ProbedChapter } from './probed-chapters.ts'

/** The media types whose chapters are on the clock of their streams; all others count them from the first sample. */
const ON_THE_CLOCK: ReadonlySet<string> = new Set([
  'video/mp4',
  'video/quicktime',
  'video/3gpp',
  'audio/mp4',
  'video/webm',
  'video/matroska',
])

/** The id of a chapter in MP3, which ffmpeg takes for the title of one that has none. */
const ELEMENT_ID = /^ch(p|ap)?_?\d+$/

interface Source {
  type: string
  /** When what is shown or heard begins, on the clock of its container. */
  beginSec: number
  durationMs: number
}

/**
 * Returns the chapters of a file, on the clock of what is made of it. Each lasts until the next one begins, as in players, whatever the
 * file says of its end. What takes no time is left out, and what has no title gets its number.
 */
export function chaptersOf(probed: readonly ProbedChapter[], { type, beginSec, durationMs }: Source): Chapter[] {
  const shiftSec = ON_THE_CLOCK.has(type) ? beginSec : 0
  const begun = probed
    .toSorted((a, b) => a.start_time - b.start_time)
    .map(({ start_time, tags: { title } }) => ({
      startMs: Math.max(0, Math.round((start_time - shiftSec) * 1000)),
      title: ELEMENT_ID.test(title) ? '' : cleanTag(title),
    }))
    .filter(({ startMs }) => startMs < durationMs)
  return begun
    .filter(({ startMs }, n) => startMs !== begun[n + 1]?.startMs)
    .slice(0, MAX_CHAPTERS)
    .map(({ startMs, title }, n, all) => ({
      startMs,
      endMs: all[n + 1]?.startMs ?? durationMs,
      title: title || `Chapter ${n + 1}`,
    }))
}
