import type { AudioFacts } from '../../facts.ts'
import type { ProbeContext } from '../../pipeline/kind.ts'
import type { AudioStream, Probed } from './streams.ts'

export interface AudioProbeContext extends ProbeContext {
  /** What ffprobe says of the file, where it was asked already. */
  answer: unknown
}

export interface AudioProbeResults {
  probed: Probed
  /** The stream that is heard. */
  stream: AudioStream
  /** How long it really is, in ms. */
  durationMs: number
  cover: AudioFacts['cover']
  facts: AudioFacts
}
