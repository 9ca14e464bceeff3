import type { PlannedSound } from '../../audio/planned.ts'
import { renderSound } from '../../audio/sound/render-sound.ts'
import { type SoundSource, soundSource } from '../../audio/sound/source.ts'
import type { FilmRender, Work } from './film-render.ts'

/** Sound costs so much less than a picture that it hardly counts: as much as this many pixels in a second. */
const PIXELS_PER_SEC = 500_000

/** What is heard in the film; measured once for all that is made of it. No tag of a film gets into anything. */
export function soundOf(context: FilmRender): SoundSource | null {
  const { file, facts } = context
  const { contentType: type, audioStream: stream, audioFormat, durationMs } = facts
  if (stream === null || audioFormat === null) return null
  return soundSource(context, { file, type, stream, ...audioFormat, durationMs, tags: {} })
}

export function soundWorks(context: FilmRender, sounds: readonly PlannedSound[], source: SoundSource | null): Work[] {
  if (!source) return []
  return sounds.map(planned => ({
    variants: [planned],
    weight: (PIXELS_PER_SEC * source.durationMs) / 1000,
    make: onPart => renderSound(context, planned, source, onPart),
  }))
}
