import type { PlannedFile } from '../planned.ts'

/** WebVTT with a cue for each chapter. */
export interface PlannedChapters extends PlannedFile {
  type: 'chapters'
}
