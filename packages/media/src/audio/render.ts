import type { Placeholder } from '@darkroom/contracts'
import type { AudioFacts } from '../facts.ts'
import type { RenderContext } from '../pipeline/kind.ts'
import { runSteps, type Step } from '../pipeline/steps.ts'
import type { PlannedAudio } from './planned.ts'
import { chaptersStep } from './render/chapters.ts'
import type { AudioRenderContext, AudioRenderResults } from './render/context.ts'
import { coversStep } from './render/covers.ts'
import { soundsStep } from './render/sounds.ts'
import { wavesStep } from './render/waves.ts'
import { measureAhead, type SoundStream, soundSource } from './sound/source.ts'

const AUDIO_RENDER_STEPS: readonly Step<AudioRenderContext, AudioRenderResults>[] = [
  coversStep,
  chaptersStep,
  wavesStep,
  soundsStep,
]

/** What can be seen and read first, then what can be heard. */
export async function renderAudio(
  context: RenderContext<AudioFacts, PlannedAudio>,
): Promise<{ placeholder: Placeholder | null }> {
  const source = soundSource(context, streamOf(context))
  measureAhead(
    source,
    context.variants.filter(variant => variant.type === 'sound'),
  )
  const { placeholder } = await runSteps(AUDIO_RENDER_STEPS, { ...context, source }, context.timings)
  return { placeholder }
}

function streamOf({ file, facts }: RenderContext<AudioFacts>): SoundStream {
  const { contentType: type, audioStream: stream, channels, sampleRate, durationMs, details } = facts
  const tags = Object.fromEntries(
    KEPT_TAGS.flatMap(name => (typeof details[name] === 'string' ? [[name, details[name]]] : [])),
  )
  return { file, type, stream, channels, sampleRate, durationMs, precededBy: null, tags }
}

const KEPT_TAGS = ['title', 'artist', 'album'] as const
