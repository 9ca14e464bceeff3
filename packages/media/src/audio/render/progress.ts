import type { PlannedAudio } from '../planned.ts'
import type { AudioRenderContext } from './context.ts'

/** Roughly how long each takes, by another. */
const WEIGHTS: Record<PlannedAudio['type'], number> = { cover: 1, chapters: 0, peaks: 2, waveform: 2, sound: 20 }

/** Tells of the progress within some variants as of progress of the whole; they are made in the order of the plan. */
export function progressOf(
  { variants, progress }: Pick<AudioRenderContext, 'variants' | 'progress'>,
  making: readonly PlannedAudio[],
): (part: number) => void {
  const [first] = making
  // Of nothing but an image to show meanwhile, nothing is made.
  const total = weightOf(variants) || 1
  const before = first ? weightOf(variants.slice(0, variants.indexOf(first))) : 0
  return part => progress(Math.min(1, (before + weightOf(making) * part) / total), first?.type ?? '')
}

const weightOf = (variants: readonly PlannedAudio[]): number =>
  variants.reduce((sum, { type }) => sum + WEIGHTS[type], 0)
