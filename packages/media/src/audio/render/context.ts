import type { Placeholder } from '@darkroom/contracts'
import type { AudioFacts } from '../../facts.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import type { PlannedAudio } from '../planned.ts'
import type { SoundSource } from '../sound/source.ts'

export type AudioRenderContext = RenderContext<AudioFacts, PlannedAudio> & { source: SoundSource }

export interface AudioRenderResults {
  placeholder: Placeholder | null
  /** Names of the variants that stand. */
  chapters: readonly string[]
  waves: readonly string[]
  sounds: readonly string[]
}
