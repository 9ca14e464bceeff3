import type { Placeholder } from '@darkroom/contracts'
import type { AudioFacts } from '../../facts.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import type { AudioSource } from '../encode/audio-source.ts'
import type { PlannedAudio } from '../planned.ts'

export type AudioRenderContext = RenderContext<AudioFacts, PlannedAudio> & { source: AudioSource }

export interface AudioRenderResults {
  placeholder: Placeholder | null
  /** Names of the variants that stand. */
  chapters: readonly string[]
  waves: readonly string[]
  audioTracks: readonly string[]
}
