import type { Sharp } from 'sharp'
import { type Cicp, isHdr } from '../cicp/cicp.ts'
import { toneMap } from '../cicp/tone-map.ts'
import { rgbToDisplayP3, rgbToSrgb } from '../color.ts'
import type { ImageSource } from '../decoders/decoder.ts'
import { faultOfSharp } from '../fault-of-sharp.ts'
import { type Raster, toDeepRaster, toRaster } from '../raster.ts'
import type { ImageRenderContext, ImageRenderResults } from './context.ts'
import { type DecodeOptions, decodedSize, isMainDecode } from './decode-options.ts'
import { profileOf, wideProfile } from './profile.ts'

/** The full decode that most variants share. */
export const decodeStep = {
  name: 'raster',
  async run(context: ImageRenderContext, { source }: Pick<ImageRenderResults, 'source'>): Promise<Raster> {
    return await decodeAs(context, source, { colors: 'srgb', crop: undefined })
  },
} as const

/** Decodes once: upright, 8 bit, no larger than the largest variant that is made of it needs. */
export async function decodeAs(
  context: ImageRenderContext,
  source: ImageSource,
  options: DecodeOptions,
): Promise<Raster> {
  const { file, facts } = context
  try {
    if (source.cicp && isHdr(source.cicp)) return await decodeHdr(context, source, source.cicp, options)
    return options.colors === 'keep'
      ? await decodeWide(context, source, options)
      : await decodeSrgb(context, source, options)
  } catch (error) {
    throw await faultOfSharp(error, file, facts.contentType)
  }
}

async function decodeSrgb(context: ImageRenderContext, source: ImageSource, options: DecodeOptions): Promise<Raster> {
  const { facts } = context
  const profile = await profileOf(source, facts)
  const image = cut(context, source.image({ ignoreIcc: profile.use !== 'while-decoding' }), options)
  // sharp turns 16 bit with a profile into Display P3; unless told to, it would then call that sRGB.
  const isDeep = profile.use === 'while-decoding' && facts.colorSpace === 'rgb16'
  const raster = await toRaster(isDeep ? image.withIccProfile('srgb', { attach: false }) : image)
  return profile.use === 'after-decoding' ? await rgbToSrgb(raster, profile.icc) : raster
}

/**
 * Decodes HDR. The image is shrunk before it is tone-mapped, because that calculates in floats. A wide gamut is not
 * kept: it would need another screen.
 */
async function decodeHdr(
  context: ImageRenderContext,
  source: ImageSource,
  cicp: Cicp,
  options: DecodeOptions,
): Promise<Raster> {
  const image = cut(context, source.image({ ignoreIcc: true }), options)
  return toneMap(await toDeepRaster(image, context.facts.bitDepth), cicp)
}

async function decodeWide(context: ImageRenderContext, source: ImageSource, options: DecodeOptions): Promise<Raster> {
  const icc = await wideProfile(source, context.facts)
  if (!icc) return await decodeSrgb(context, source, options)
  return await rgbToDisplayP3(await toRaster(cut(context, source.image({ ignoreIcc: true }), options)), icc)
}

function cut(context: ImageRenderContext, image: Sharp, options: DecodeOptions): Sharp {
  const whole = options.crop ?? context.facts
  const { width, height } = decodedSize(context, options)
  const part = isMainDecode(options) || !options.crop ? image : image.extract(options.crop)
  const shrinks = whole.width !== width || whole.height !== height
  return shrinks ? part.resize(width, height, { fit: 'fill' }) : part
}
