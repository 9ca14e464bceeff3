import sharp, { type Sharp } from 'sharp'
import type { Size } from '../plan/geometry.ts'
import type { DeepRaster } from './cicp/tone-map.ts'
import { taggedTiff } from './tagged-tiff.ts'

/** Pixels in memory: upright, 8 bit, 3 or 4 channels, alpha not premultiplied. */
export interface Raster extends Size {
  data: Buffer
  channels: 3 | 4
  /** The ICC profile of its colours, when they are not sRGB. */
  icc?: Buffer
}

/** Runs a pipeline up to raw pixels. */
export async function toRaster(image: Sharp): Promise<Raster> {
  const { data, info } = await image.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  if (channels !== 3 && channels !== 4) throw new Error(`the decoder returned ${channels} channels`)
  return { data, width, height, channels }
}

/** Runs a pipeline up to raw pixels of 16 bits, of a source of so many. */
export async function toDeepRaster(image: Sharp, bits: number): Promise<DeepRaster> {
  const deep = image.toColourspace('rgb16').raw({ depth: 'ushort' })
  const { data, info } = await deep.toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  if (channels !== 3 && channels !== 4) throw new Error(`the decoder returned ${channels} channels`)
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.length / 2)
  return { data: samples, width, height, channels, white: whiteOf(bits) }
}

/** Returns the value of white. libvips shifts 10 and 12 bits up, and stretches 8. */
const whiteOf = (bits: number): number => (bits > 8 && bits < 16 ? (2 ** bits - 1) * 2 ** (16 - bits) : 65_535)

/** Returns a pipeline that begins at pixels in memory; what it writes carries their profile, when they have one. */
export function fromRaster(raster: Raster): Sharp {
  const { data, width, height, channels, icc } = raster
  if (icc) return sharp(taggedTiff(raster, icc), { limitInputPixels: false }).keepIccProfile()
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
}
