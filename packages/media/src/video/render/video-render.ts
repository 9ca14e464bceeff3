import type { VideoFacts } from '../../facts.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import type { PlannedVariant } from '../../planned.ts'
import type { BrokenCount } from './damage.ts'

export interface VideoRender extends RenderContext<VideoFacts> {
  /** What was counted while all of the video was decoded; one entry for each time. */
  counted: BrokenCount[]
}

/** Files of one making. */
export interface Work {
  variants: readonly PlannedVariant[]
  /** How much there is to do, in pixels that are encoded. */
  weight: number
  /** Hears how far it is, from 0 to 1. */
  make(onPart: (part: number) => void): Promise<void>
}
