import { createHash } from 'node:crypto'
import sharp from 'sharp'
import type { Random } from '../random.ts'

/** A file to upload. */
export interface Photo {
  bytes: Uint8Array<ArrayBuffer>
  contentType: string
  sha256: string
  /** The strongest colour: tells whose pixels a variant has. */
  tint: Tint
}

export const TINTS = ['red', 'green', 'blue'] as const
export type Tint = (typeof TINTS)[number]

interface PhotoOptions {
  width?: number
  height?: number
  tint?: Tint
  format?: 'jpeg' | 'png'
}

const NOISE_CELLS = 48

/**
 * Makes an image of coloured noise with a unique hash: 300 × 200 pixels, about 20 kB, about 100 ms of work for a
 * worker.
 */
export async function makePhoto(random: Random, options: PhotoOptions = {}): Promise<Photo> {
  const { width = 300, height = 200, tint = random.pick(TINTS), format = 'jpeg' } = options
  const noise = random.bytes(NOISE_CELLS * NOISE_CELLS * 3)
  const channel = TINTS.indexOf(tint)
  for (let index = 0; index < noise.length; index++) {
    const value = noise[index] ?? 0
    noise[index] = index % 3 === channel ? 160 + value / 3 : value / 3
  }
  const image = sharp(noise, { raw: { width: NOISE_CELLS, height: NOISE_CELLS, channels: 3 } }).resize(width, height, {
    fit: 'fill',
    kernel: 'nearest',
  })
  return photoOf(new Uint8Array(await image.toFormat(format).toBuffer()), `image/${format}`, tint)
}

const NOISE_CHANNELS = 3

/** Makes a PNG of noise in every pixel, which does not compress, for uploads in parts. */
export async function makeHeavyPhoto(random: Random, minBytes: number): Promise<Photo> {
  const side = Math.ceil(Math.sqrt(minBytes / NOISE_CHANNELS))
  const raw = { width: side, height: side, channels: NOISE_CHANNELS } as const
  const pixels = random.bytes(side * side * NOISE_CHANNELS)
  const png = await sharp(pixels, { raw }).png({ compressionLevel: 0 }).toBuffer()
  return photoOf(new Uint8Array(png), 'image/png', 'red')
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

export const photoOf = (bytes: Uint8Array<ArrayBuffer>, contentType: string, tint: Tint): Photo => ({
  bytes,
  contentType,
  sha256: sha256Of(bytes),
  tint,
})
