import sharp from 'sharp'
import { type Raster, toRaster } from './raster.ts'
import { taggedTiff } from './tagged-tiff.ts'

/** Pixels of the profile's RGB as pixels of sRGB, by the engine's own colour management. */
export async function rgbToSrgb(pixels: Raster, profile: Buffer): Promise<Raster> {
  return await toRaster(sharp(taggedTiff(pixels, profile), { limitInputPixels: false }))
}

const LEVELS = [0, 16, 64, 128, 192, 255]
const PATCHES = Buffer.from(LEVELS.flatMap(r => LEVELS.flatMap(g => LEVELS.flatMap(b => [r, g, b]))))
const PATCH_RASTER: Raster = { data: PATCHES, width: PATCHES.length / 3, height: 1, channels: 3 }
/** Rounding of table-based sRGB profiles; half a just noticeable step. */
const TOLERANCE = 2

/** Whether a profile is sRGB in effect: asked by converting 216 colours, not by believing its name. */
export async function isSrgb(profile: Buffer): Promise<boolean> {
  const { data } = await rgbToSrgb(PATCH_RASTER, profile)
  return data.length === PATCHES.length && data.every((value, at) => Math.abs(value - (PATCHES[at] ?? 0)) <= TOLERANCE)
}
