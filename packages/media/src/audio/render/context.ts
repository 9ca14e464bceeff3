import type { AudioFacts } from '../../facts.ts'
import type { Placeholder, RenderContext } from '../../pipeline/kind.ts'
import type { PlannedAudio } from '../planned.ts'
import type { SoundSource } from '../sound/source.ts'

export type AudioRenderContext = RenderContext<AudioFacts, PlannedAudio> & { source: SoundSource }

export interface AudioRenderResults {
  placeholder: Placeholder | null
  /** Names of the variants that stand. */
  waves: readonly string[]
  sounds: readonly string[]
}
