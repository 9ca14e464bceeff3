import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Rgb } from './colors.ts'

/** Of one stripe, in pixels. */
const SIDE = 64
const FRAMES = 4

/** What a video says of its colours, in ffmpeg's words. */
export interface ColorTags {
  matrix?: string
  primaries?: string
  transfer?: string
}

/**
 * Writes `stripes.mp4` into a folder: stripes side by side, each of these samples of ten bits, lossless, that says of itself what
 * `tags` say.
 * @returns its path
 */
export async function stripedVideo(folder: string, stripes: readonly Rgb[], tags: ColorTags): Promise<string> {
  const width = SIDE * stripes.length
  const plane = (n: number) =>
    Buffer.from(
      Uint16Array.from({ length: width * SIDE }, (_, at) => stripes[Math.floor((at % width) / SIDE)]?.[n] ?? 0).buffer,
    )
  const raw = path.join(folder, 'stripes.yuv')
  const file = path.join(folder, 'stripes.mp4')
  await writeFile(raw, Buffer.concat(Array.from({ length: FRAMES }, () => [0, 1, 2].map(plane)).flat()))
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv444p10le', '-s', `${width}x${SIDE}`, '-r', '10', '-i', raw]
  const codec = ['-c:v', 'libx264', '-preset', 'ultrafast', '-qp', '0']
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', ...input, ...codec, ...said(tags), file])
  await rm(raw)
  return file
}

const said = ({ matrix, primaries, transfer }: ColorTags): string[] => [
  ...(matrix ? ['-colorspace', matrix] : []),
  ...(primaries ? ['-color_primaries', primaries] : []),
  ...(transfer ? ['-color_trc', transfer] : []),
]
