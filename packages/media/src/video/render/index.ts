import type { Placeholder } from '@darkroom/contracts'
import { type AudioSource, measureAhead } from '../../audio/encode/audio-source.ts'
import type { VideoFacts } from '../../facts.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import { tryVariants } from '../../pipeline/try-variant.ts'
import type { PlannedVariant } from '../../planned.ts'
import { audioSourceOf, audioWorks } from './audio.ts'
import { chaptersWorks } from './chapters.ts'
import { damageOf } from './damage.ts'
import { MAX_VIDEO_CHANNELS } from './encode-args.ts'
import { hlsWorks } from './hls.ts'
import { makePosters } from './posters.ts'
import { previewWork } from './preview.ts'
import { renditionWork } from './rendition.ts'
import { storyboardWorks } from './storyboard.ts'
import type { VideoRender, Work } from './video-render.ts'

type Of<Type extends PlannedVariant['type']> = Extract<PlannedVariant, { type: Type }>

/** Posters first, for they are what a person looks at; then one file after the other, each as soon as it can be. */
export async function renderVideo(from: RenderContext<VideoFacts>): Promise<{ placeholder: Placeholder | null }> {
  const context: VideoRender = { ...from, counted: [] }
  if (context.part !== 'rest') context.progress(0, 'poster')
  const audioSource = audioSourceOf(context)
  if (audioSource) measureAhead(audioSource, heardIn(context))
  const placeholder = context.part === 'rest' ? null : await makePosters(context, ofType(context, 'poster'))
  await runWorks(context, worksOf(context, audioSource))
  return { placeholder }
}

const ofType = <Type extends PlannedVariant['type']>({ variants }: VideoRender, type: Type): Of<Type>[] =>
  variants.filter((variant): variant is Of<Type> => variant.type === type)

function worksOf(context: VideoRender, audioSource: AudioSource | null): Work[] {
  return [
    ...chaptersWorks(context, ofType(context, 'chapters')),
    ...ofType(context, 'preview').map(preview => previewWork(context, preview)),
    ...storyboardWorks(context, ofType(context, 'storyboard')),
    ...audioWorks(context, ofType(context, 'sound'), audioSource),
    ...ofType(context, 'rendition').map(rendition => renditionWork(context, rendition, audioSource)),
    ...hlsWorks(context, ofType(context, 'hls'), audioSource),
  ]
}

/** Lists the variants with audio. */
function heardIn(context: VideoRender) {
  const videos = [...ofType(context, 'rendition'), ...ofType(context, 'hls').flatMap(({ steps }) => steps)]
  const withAudio = videos.filter(({ audioBitrateKbps }) => audioBitrateKbps !== null)
  return [...ofType(context, 'sound'), ...withAudio.map(({ loudness }) => ({ channels: MAX_VIDEO_CHANNELS, loudness }))]
}

/** Reports damage once: every variant of the video has the same. */
function judge({ counted: [first], facts, warn }: VideoRender): true {
  const damage = damageOf(facts, first?.broken ?? new Map())
  if (damage) warn(damage)
  return true
}

const MAX_STAGE_CHARS = 40

async function runWorks(context: VideoRender, works: readonly Work[]): Promise<void> {
  const total = works.reduce((sum, { weight }) => sum + weight, 0) || 1
  let done = 0
  let isJudged = false
  for (const { variants, weight, make } of works) {
    const stage = (variants[0]?.name ?? '').slice(0, MAX_STAGE_CHARS)
    const startedMs = performance.now()
    const report = (part: number) => context.progress(Math.min(1, (done + weight * part) / total), stage)
    report(0)
    await tryVariants(context, variants, () => make(report))
    report(1)
    done += weight
    context.timings[stage] = Math.round(performance.now() - startedMs)
    if (!isJudged && context.counted.length > 0) isJudged = judge(context)
  }
  // What is left may show more, which would be dropped after this.
  if (!isJudged && context.part !== 'first') judge(context)
}
