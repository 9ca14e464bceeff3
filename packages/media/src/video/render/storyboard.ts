import { writeFile } from 'node:fs/promises'
import { MediaFault } from '../../fault.ts'
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import { encoderOptions } from '../../formats.ts'
import { fromRaster, type Raster } from '../../image/raster.ts'
import { finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import type { PlannedStoryboard } from '../planned.ts'
import { inputOf } from './alpha.ts'
import { watch } from './damage.ts'
import { DAMAGE_IS_COUNTED } from './output-args.ts'
import { storyboardVtt } from './storyboard-vtt.ts'
import { videoFilter } from './video-filter.ts'
import type { VideoRender, Work } from './video-render.ts'

/** Decoding is several times as quick as encoding. */
const DECODING = 0.2
const CHANNELS = 3

export function storyboardWorks(context: VideoRender, parts: readonly PlannedStoryboard[]): Work[] {
  return parts.map(planned => ({
    variants: [planned],
    weight: planned.part === 'sprite' ? decodedPixels(context) * DECODING : 0,
    make: onPart => MAKERS[planned.part](context, planned, onPart),
  }))
}

type Make = (context: VideoRender, planned: PlannedStoryboard, onPart: (part: number) => void) => Promise<void>

const MAKERS: Record<PlannedStoryboard['part'], Make> = {
  async sprite(context, planned, onPart) {
    const sprite = fromRaster(await readSprite(context, planned, onPart))
    await writeFile(
      variantFile(context, planned),
      await sprite.toFormat(planned.format, encoderOptions(planned)).toBuffer(),
    )
    await finishVariant(context, planned)
  },
  async vtt(context, planned) {
    await writeFile(variantFile(context, planned), storyboardVtt(planned, context.facts.durationMs))
    await finishVariant(context, planned)
  },
}

/** Reads the frame in the middle of each interval; after the end of the video, its last frame. */
async function readSprite(
  context: VideoRender,
  planned: PlannedStoryboard,
  onProgress: (part: number) => void,
): Promise<Raster> {
  const { facts } = context
  const { frame, columns, rows, frames } = planned
  const size = { width: columns * frame.width, height: rows * frame.height }
  const data = Buffer.alloc(size.width * size.height * CHANNELS)
  let length = 0
  const skipsFrames = onlyKeyFrames(context, planned)
  await runFfmpeg(context, {
    ...inputOf(context),
    totalMs: facts.durationMs,
    onProgress,
    ...(skipsFrames ? { before: ['-skip_frame', 'nokey', '-discard:v', 'nokey'] } : { onLine: watch(context) }),
    args: [
      ...['-map', `0:${facts.videoStream}`, '-frames:v', '1', ...DAMAGE_IS_COUNTED],
      '-vf',
      [
        `fps=fps=${(frames * 1000).toFixed()}/${facts.durationMs}:start_time=0:eof_action=pass`,
        ...videoFilter(facts, frame, 'rgb24'),
        `tpad=stop=${columns * rows}:stop_mode=clone`,
        `tile=${columns}x${rows}`,
      ].join(','),
      ...['-f', 'rawvideo', 'pipe:1'],
    ],
    onData: chunk => {
      length += chunk.copy(data, length)
    },
  })
  if (length < data.length) throw new MediaFault('CORRUPT_FILE', 'No frame of the video can be decoded')
  return { data, ...size, channels: CHANNELS }
}

/** Tells whether the key frames are enough, so that decoding the others would be a waste. */
const onlyKeyFrames = ({ facts }: VideoRender, { frames }: PlannedStoryboard): boolean =>
  // ffmpeg's decoder of Theora takes a frame that it is told to skip for a damaged one.
  facts.details.videoCodec !== 'theora' &&
  facts.keyFrameSec > 0 &&
  facts.keyFrameSec <= facts.durationMs / 1000 / frames

const decodedPixels = ({ facts: { width, height, frameRate, durationMs } }: VideoRender): number =>
  (width * height * frameRate * durationMs) / 1000
