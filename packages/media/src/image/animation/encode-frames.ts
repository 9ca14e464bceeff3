import { type ChildProcess, spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { lacksTool } from '../../fault.ts'
import { faultOfFfmpeg } from '../../ffmpeg/fault-of-ffmpeg.ts'
import type { RenderContext } from '../../pipeline/kind.ts'

export interface Frames {
  /** Even, like the height. */
  width: number
  height: number
  frameRate: number
  /** 1 to 100. */
  quality: number
  /** Absolute path. */
  output: string
  /** RGB, 8 bit, in the order in which they are shown. */
  frames(): Iterable<Buffer>
}

/**
 * Encodes pixels as an MP4 (H.264) without audio that starts before it is loaded.
 * @throws MediaFault DECODER_UNAVAILABLE, NO_SPACE, RESOURCE_LIMIT
 */
export async function encodeFrames(
  { tools, outDir }: Pick<RenderContext, 'tools' | 'outDir'>,
  job: Frames,
): Promise<void> {
  if (!tools) throw lacksTool('ffmpeg')
  const child = spawn(tools.ffmpeg, ffmpegArgs(job), { cwd: outDir, env: {}, stdio: ['pipe', 'ignore', 'pipe'] })
  const [end, fed] = await Promise.allSettled([ended(child), feed(child, job)])
  if (end.status === 'rejected') throw end.reason
  const { code, signal, stderr } = end.value
  if (code !== 0) throw faultOfFfmpeg(stderr, code, signal)
  if (fed.status === 'rejected') throw fed.reason
}

async function feed({ stdin }: ChildProcess, { frames }: Frames): Promise<void> {
  if (stdin) await pipeline(Readable.from(frames()), stdin)
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: string | null; stderr: string }> {
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-MAX_STDERR_CHARS)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stderr }))
  })
}

const MAX_STDERR_CHARS = 65_536

function ffmpegArgs({ width, height, frameRate, quality, output }: Frames): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'level+error', '-y', '-protocol_whitelist', 'file,pipe'],
    ...['-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${width}x${height}`],
    ...['-framerate', String(frameRate), '-i', 'pipe:0', '-an', '-map_metadata', '-1'],
    ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-pix_fmt', 'yuv420p'],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709'],
    ...['-c:v', 'libx264', '-preset', 'medium', '-crf', String(crfOf(quality))],
    ...['-movflags', '+faststart', '-f', 'mp4', `file:${output}`],
  ]
}

/** Converts a quality to x264's CRF, which counts the other way: 75 becomes 21, which looks similar. */
const crfOf = (quality: number): number => Math.round(51 - 0.4 * quality)
