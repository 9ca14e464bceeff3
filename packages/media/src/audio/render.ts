import type { Placeholder } from '@darkroom/contracts'
import type { AudioFacts } from '../facts.ts'
import type { RenderContext } from '../pipeline/kind.ts'
import { runSteps, type Step } from '../pipeline/steps.ts'
import { type AudioInput, audioSource, measureAhead } from './encode/audio-source.ts'
import type { PlannedAudio } from './planned.ts'
import { audioTracksStep } from './render/audio-tracks.ts'
import { chaptersStep } from './render/chapters.ts'
import type { AudioRenderContext, AudioRenderResults } from './render/context.ts'
import { coversStep } from './render/covers.ts'
import { wavesStep } from './render/waves.ts'

const AUDIO_RENDER_STEPS: readonly Step<AudioRenderContext, AudioRenderResults>[] = [
  coversStep,
  chaptersStep,
  wavesStep,
  audioTracksStep,
]

/** Renders what can be seen and read first, then what can be heard. */
export async function renderAudio(
  context: RenderContext<AudioFacts, PlannedAudio>,
): Promise<{ placeholder: Placeholder | null }> {
  const source = audioSource(context, streamOf(context))
  measureAhead(
    source,
    context.variants.filter(variant => variant.type === 'sound'),
  )
  const { placeholder } = await runSteps(AUDIO_RENDER_STEPS, { ...context, source }, context.timings)
  return { placeholder }
}

function streamOf({ file, facts }: RenderContext<AudioFacts>): AudioInput {
  const { contentType: type, audioStream: stream, channels, sampleRate, durationMs, details } = facts
  const tags = Object.fromEntries(
    KEPT_TAGS.flatMap(name => (typeof details[name] === 'string' ? [[name, details[name]]] : [])),
  )
  return { file, type, stream, channels, sampleRate, durationMs, precededBy: null, tags }
}

const KEPT_TAGS = ['title', 'artist', 'album'] as const
