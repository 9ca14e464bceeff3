import sharp from 'sharp'
import { type Raster, toRaster } from './raster.ts'
import { taggedTiff } from './tagged-tiff.ts'

/** Converts pixels of the profile's RGB to pixels of sRGB, by the engine's own colour management. */
export async function rgbToSrgb(pixels: Raster, profile: Buffer): Promise<Raster> {
  return await toRaster(sharp(taggedTiff(pixels, profile), { limitInputPixels: false }))
}

/**
 * Converts pixels of the profile's RGB to pixels of Display P3, which holds what screens show. The profile that they get is sharp's
 * own: one of a screen can name the device that it belongs to.
 */
export async function rgbToDisplayP3(pixels: Raster, profile: Buffer): Promise<Raster> {
  // With 8 bits the engine would go by way of sRGB and cut off what does not fit.
  const deep = sharp(taggedTiff(pixels, profile, 16), { limitInputPixels: false })
  const raster = await toRaster(deep.withIccProfile('p3', { attach: false }))
  return { ...raster, icc: await displayP3Profile() }
}

async function displayP3Profile(): Promise<Buffer> {
  const pixel = sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
  const { icc } = await sharp(await pixel.withIccProfile('p3').png().toBuffer()).metadata()
  if (!icc) throw new Error('sharp has no Display P3 profile')
  return icc
}

const LEVELS = [0, 16, 64, 128, 192, 255]
const PATCHES = Buffer.from(LEVELS.flatMap(r => LEVELS.flatMap(g => LEVELS.flatMap(b => [r, g, b]))))
const PATCH_RASTER: Raster = { data: PATCHES, width: PATCHES.length / 3, height: 1, channels: 3 }
/** Rounding of table-based sRGB profiles; half a just noticeable step. */
const TOLERANCE = 2

/** The profile that was asked for last. Photos of one camera or program have the same one, and an answer takes 3 ms of CPU time. */
let known: { profile: Buffer; isSrgb: boolean } | undefined

/** Returns whether a profile is sRGB in effect: asked by converting 216 colours, not by believing its name. */
export async function isSrgb(profile: Buffer): Promise<boolean> {
  if (!known?.profile.equals(profile)) known = { profile, isSrgb: await convertsLikeSrgb(profile) }
  return known.isSrgb
}

async function convertsLikeSrgb(profile: Buffer): Promise<boolean> {
  const { data } = await rgbToSrgb(PATCH_RASTER, profile)
  return data.length === PATCHES.length && data.every((value, at) => Math.abs(value - (PATCHES[at] ?? 0)) <= TOLERANCE)
}
