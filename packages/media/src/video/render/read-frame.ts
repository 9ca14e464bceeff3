import type { VideoFacts } from '../../facts.ts'
import { runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import type { Raster } from '../../image/raster.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import type { Size } from '../../plan/geometry.ts'
import { inputOf, withAlpha } from './alpha.ts'
import { DAMAGE_IS_COUNTED } from './output-args.ts'
import { colorsFilter } from './video-filter.ts'

export type VideoContext = Pick<RenderContext<VideoFacts>, 'file' | 'facts' | 'limits' | 'tools' | 'outDir'>

export interface Frame {
  atSec: number
  size: Size
  /** Chooses the most usual out of this many, which no cut and no flash is; 1 takes the first. */
  outOf: number
  /** Hears what ffmpeg says meanwhile. */
  onLine?: (line: string) => void
}

/** Reads one frame as pixels, upright, with its transparency if the video has any; null where the video has none at that time. */
export async function readFrame(context: VideoContext, { atSec, size, outOf, onLine }: Frame): Promise<Raster | null> {
  const { facts } = context
  const filters = colorsFilter(facts, size, 'rgb24')
  const graph = facts.hasAlpha ? withAlpha(filters, size) : filters.join(',')
  const channels = facts.hasAlpha ? 4 : 3
  const data = Buffer.alloc(size.width * size.height * channels)
  let length = 0
  await runFfmpeg(context, {
    ...inputOf(context),
    before: ['-ss', String(atSec)],
    args: [
      ...['-map', `0:${facts.videoStream}`, '-frames:v', '1', ...DAMAGE_IS_COUNTED],
      ...['-vf', [graph, ...(outOf > 1 ? [`thumbnail=${outOf}`] : [])].join(',')],
      ...['-f', 'rawvideo', 'pipe:1'],
    ],
    ...(onLine && { onLine }),
    onData: chunk => {
      length += chunk.copy(data, length)
    },
  })
  return length === data.length ? { data, ...size, channels } : null
}
