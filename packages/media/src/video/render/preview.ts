import { MediaFault } from '../../fault.ts'
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import { finishVariant } from '../../pipeline/finish-variant.ts'
import { variantFileName } from '../../sandbox/protocol.ts'
import type { PlannedPreview } from '../planned.ts'
import { inputOf } from './alpha.ts'
import { checkFrames } from './check-frames.ts'
import { FAST_START, WITHOUT_TAGS } from './output-args.ts'
import { videoFilter } from './video-filter.ts'
import type { VideoRender, Work } from './video-render.ts'

/** A moment is long enough to see what moves, and there are enough of them to see what it is about. */
const MOMENT_SEC = 1
const MAX_MOMENTS = 6
const RATES = { webp: 10, mp4: 24 } as const
const PIXELS = { webp: 'webp', mp4: 'yuv420p' } as const

interface Moment {
  startSec: number
  lengthSec: number
}

/** Moments spread evenly over the video; all of a video that is shorter than the preview. */
export function momentsOf(videoSec: number, previewSec: number): Moment[] {
  if (videoSec <= previewSec) return [{ startSec: 0, lengthSec: previewSec }]
  const count = Math.min(MAX_MOMENTS, Math.max(1, Math.round(previewSec / MOMENT_SEC)))
  const lengthSec = previewSec / count
  return Array.from({ length: count }, (_, n) => ({
    startSec: ((n + 0.5) * videoSec) / count - lengthSec / 2,
    lengthSec,
  }))
}

export function previewWork(context: VideoRender, preview: PlannedPreview): Work {
  const { width, height, durationSec, format } = preview
  const weight = width * height * durationSec * RATES[format]
  return { variants: [preview], weight, make: onPart => makePreview(context, preview, onPart) }
}

async function makePreview(context: VideoRender, preview: PlannedPreview, onProgress: (part: number) => void) {
  const moments = momentsOf(context.facts.shownMs / 1000, preview.durationSec)
  try {
    await joinMoments(context, preview, moments, onProgress)
  } catch (error) {
    if (!(error instanceof MediaFault && error.code === 'CORRUPT_FILE')) throw error
    // Of a video that stands still for long no frame may begin in any of them; one does where it begins.
    await joinMoments(context, preview, [{ startSec: 0, lengthSec: preview.durationSec }], onProgress)
  }
  await finishVariant(context, preview)
}

async function joinMoments(
  context: VideoRender,
  preview: PlannedPreview,
  moments: readonly Moment[],
  onProgress: (part: number) => void,
): Promise<void> {
  const { facts } = context
  const stderr = await runFfmpeg(context, {
    ...inputOf(context),
    totalMs: preview.durationSec * 1000,
    onProgress,
    inputs: moments.map(({ startSec, lengthSec }) => ['-ss', String(startSec), '-t', String(lengthSec)]),
    args: [
      ...['-filter_complex', joined(facts, preview, moments), '-map', '[video]'],
      ...ENCODERS[preview.format](preview),
      ...WITHOUT_TAGS,
      `file:${variantFileName(preview)}`,
    ],
  })
  checkFrames(stderr)
}

function joined(facts: VideoRender['facts'], preview: PlannedPreview, moments: readonly Moment[]): string {
  const rate = Math.min(RATES[preview.format], facts.frameRate || RATES[preview.format])
  const parts = moments.map(({ lengthSec }, n) => {
    // The last frame is passed on, because it may be the only one, and cut away where it would make the moment longer.
    const frames = [`fps=${rate}:eof_action=pass`, `trim=duration=${lengthSec}`]
    const filters = [...frames, ...videoFilter(facts, preview, PIXELS[preview.format]), 'setpts=PTS-STARTPTS']
    return `[${n}:${facts.videoStream}]${filters.join(',')}[part${n}]`
  })
  const all = moments.map((_, n) => `[part${n}]`).join('')
  return [...parts, `${all}concat=n=${moments.length}:v=1:a=0[video]`].join(';')
}

const ENCODERS = {
  webp: ({ quality }) => ['-c:v', 'libwebp_anim', '-quality', String(quality), '-loop', '0', '-f', 'webp'],
  mp4: ({ quality }) => [
    '-c:v',
    'libx264',
    '-preset',
    'fast',
    '-crf',
    String(Math.round(40 - quality / 4)),
    ...FAST_START,
  ],
} as const satisfies Record<PlannedPreview['format'], (preview: PlannedPreview) => string[]>
