import sharp from 'sharp'
import { rgbToSrgb } from '../color.ts'
import { openOptions } from '../engine.ts'
import { faultOf } from '../fault-of.ts'
import { type Raster, toRaster } from '../raster.ts'
import type { ImageRenderContext } from './context.ts'
import { profileOf } from './profile.ts'

/** The one full decode: upright, sRGB, 8 bit, no larger than the largest variant needs. */
export const decodeStep = {
  name: 'raster',
  async run(context: ImageRenderContext): Promise<Raster> {
    const { file, facts } = context
    try {
      return await decode(context)
    } catch (error) {
      throw await faultOf(error, file, facts.contentType)
    }
  },
} as const

async function decode({ file, facts, rasterSize, limits }: ImageRenderContext): Promise<Raster> {
  const profile = await profileOf({ file, facts, limits })
  const image = sharp(file, { ...openOptions(limits), ignoreIcc: profile.use !== 'while-decoding' }).autoOrient()
  const { width, height } = rasterSize
  const shrinks = facts.width !== width || facts.height !== height
  const raster = await toRaster(shrinks ? image.resize(width, height, { fit: 'fill' }) : image)
  return profile.use === 'after-decoding' ? await rgbToSrgb(raster, profile.icc) : raster
}
