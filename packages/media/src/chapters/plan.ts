import type { ChaptersSpec } from '@darkroom/contracts'
import type { Chapter } from '../facts.ts'
import { fileType } from '../formats.ts'
import type { PlannedChapters } from './planned.ts'

/** Plans the chapters of a video or an audio file; nothing for one without any. */
export function planChapters(
  { chapters }: { chapters: readonly Chapter[] },
  { type, name, required }: ChaptersSpec,
): PlannedChapters[] {
  if (chapters.length === 0) return []
  const file = { ...fileType('text/vtt'), width: null, height: null, refersTo: [] }
  return [{ type, name, required, ...file, fingerprintInput: JSON.stringify([type]) }]
}
