import sharp, { type Sharp } from 'sharp'
import type { Size } from '../plan.ts'

/** Pixels in memory: upright, sRGB, 8 bit, 3 or 4 channels, alpha not premultiplied. */
export interface Raster extends Size {
  data: Buffer
  channels: 3 | 4
}

/** Runs a pipeline up to raw pixels. */
export async function toRaster(image: Sharp): Promise<Raster> {
  const { data, info } = await image.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  if (channels !== 3 && channels !== 4) throw new Error(`the decoder returned ${channels} channels`)
  return { data, width, height, channels }
}

/** A pipeline that begins at pixels in memory. */
export function fromRaster({ data, width, height, channels }: Raster): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
}
