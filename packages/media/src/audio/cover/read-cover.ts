import sharp from 'sharp'
import { MediaFault } from '../../fault.ts'
import { type FfmpegContext, runFfmpeg } from '../../ffmpeg/run-ffmpeg.ts'
import { openOptions } from '../../image/engine.ts'
import type { Limits } from '../../limits.ts'
import type { Size } from '../../plan/geometry.ts'

const MAX_COVER_BYTES = 32 * 1024 * 1024

/** Reads the file of an embedded image as it is, not decoded by ffmpeg; null when it is too large or cannot be read. */
export async function readCover(
  context: FfmpegContext,
  { file, type, stream }: { file: string; type: string; stream: number },
): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > MAX_COVER_BYTES) throw new MediaFault('TOO_LARGE', 'The embedded cover image is too large')
    chunks.push(chunk)
  }
  const args = ['-map', `0:${stream}`, '-c', 'copy', '-frames:v', '1', '-f', 'data', 'pipe:1']
  try {
    await runFfmpeg(context, { file, type, args, onData })
    return Buffer.concat(chunks)
  } catch (error) {
    if (error instanceof MediaFault) return null
    throw error
  }
}

/** What people embed; sharp would open more. */
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif'])

/** Returns the upright size of an image, from its header; null when it is none that is taken. */
export async function coverSize(bytes: Buffer, limits: Limits): Promise<Size | null> {
  const header = await sharp(bytes, openOptions(limits))
    .metadata()
    .catch(() => null)
  if (!header || !FORMATS.has(header.format)) return null
  const { width, height } = header.autoOrient
  return Math.max(width, height) <= limits.maxDimension ? { width, height } : null
}
