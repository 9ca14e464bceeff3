import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { framesIn, type Raster } from './raster.ts'

const run = promisify(execFile)

export interface VideoFrames {
  frames: Raster[]
  /** When each is shown, in seconds of the video's clock. */
  timesSec: number[]
}

/** Reads the start time of a file by its own clock, in seconds. Files that Darkroom makes start at 0. */
export async function startOf(file: string): Promise<number> {
  const { stdout } = await run('ffprobe', ['-v', 'error', '-of', 'csv=p=0', '-show_entries', 'format=start_time', file])
  return Number(stdout.trim()) || 0
}

interface Size {
  width: number
  height: number
}

interface Stream {
  height: number
  pix_fmt: string
  field_order?: string
  color_space?: string
  color_primaries?: string
}

const MAX_BUFFER_BYTES = 2 ** 31 - 1
const EXACT = 'flags=bicubic+accurate_rnd+full_chroma_int'

/**
 * Decodes all frames of a video stream with ffmpeg alone, rotated, scaled and converted to sRGB. The video's clock is 0
 * at `startSec`.
 */
export async function videoFrames(file: string, stream: string, size: Size, startSec = 0): Promise<VideoFrames> {
  const filters = [...filtersFor(await describe(file, stream), size), 'format=rgb24', 'showinfo']
  const input = [
    '-nostdin',
    '-hide_banner',
    '-nostats',
    '-copyts',
    '-i',
    file,
    '-map',
    `0:${stream}`,
    '-vf',
    filters.join(),
  ]
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-']
  const { stdout, stderr } = await run('ffmpeg', [...input, ...output], {
    encoding: 'buffer',
    maxBuffer: MAX_BUFFER_BYTES,
  })
  const timesSec = [...stderr.toString().matchAll(/showinfo.*\bpts_time:(\S+)/g)].map(
    ([, time]) => Number(time) - startSec,
  )
  const frames = framesIn(stdout, size)
  if (frames.length !== timesSec.length) throw new Error(`${frames.length} frames at ${timesSec.length} times`)
  return { frames, timesSec }
}

async function describe(file: string, stream: string): Promise<Stream> {
  const entries = 'stream=height,pix_fmt,field_order,color_space,color_primaries'
  const args = ['-v', 'error', '-of', 'json', '-select_streams', stream, '-show_entries', entries, file]
  const { stdout } = await run('ffprobe', args)
  const [found] = JSON.parse(stdout).streams as Stream[]
  if (!found) throw new Error(`${file} has no stream ${stream}`)
  return found
}

function filtersFor(stream: Stream, { width, height }: Size): string[] {
  const { field_order = 'progressive', color_primaries = '' } = stream
  const deinterlace = /^(tt|bb|tb|bt)$/.test(field_order) ? ['yadif'] : []
  const scale = `scale=${width}:${height}:${EXACT}${matrixOf(stream)}`
  return [...deinterlace, ...(WIDE.has(color_primaries) ? wide(width, height) : [scale])]
}

const WIDE: ReadonlySet<string> = new Set(['bt2020', 'smpte432', 'smpte431'])
/** Returns a filter that converts wide primaries with zimg; swscale would keep their numbers. */
const wide = (width: number, height: number): string[] => [
  `zscale=w=${width}:h=${height}:tin=iec61966-2-1:p=bt709:t=iec61966-2-1:m=gbr:r=pc`,
]

const MATRICES: Record<string, string> = {
  bt709: 'bt709',
  bt470bg: 'bt601',
  smpte170m: 'bt601',
  smpte240m: 'smpte240m',
  fcc: 'fcc',
  bt2020nc: 'bt2020',
}

/**
 * Returns the matrix of a video. An untagged one is decoded as players do, by its size; swscale alone would assume
 * BT.601 for all.
 */
function matrixOf({ pix_fmt, color_space = '', height }: Stream): string {
  if (/^(gbr|rgb|bgr|argb|pal8)/.test(pix_fmt)) return ''
  return `:in_color_matrix=${MATRICES[color_space] ?? (height >= 720 ? 'bt709' : 'bt601')}`
}
