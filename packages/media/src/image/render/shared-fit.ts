import { contentSize } from '../../plan/geometry.ts'
import { fit } from '../operations/fit.ts'
import type { PlannedPicture } from '../planned.ts'
import { fromRaster, type Raster, toRaster } from '../raster.ts'

/** The pixels that a variant is made of, given those of its view. */
type RasterOf = (variant: PlannedPicture, raster: Raster) => Promise<Raster>

/**
 * Variants that follow each other and differ only in how they are written share one resize, which costs more than writing a
 * JPEG. Only opaque sRGB: sharp flattens before it resizes, and pixels in memory lose their profile.
 */
export function sharedFit(pictures: readonly PlannedPicture[]): RasterOf {
  let last: { of: Raster; key: string; fitted: Promise<Raster> } | undefined
  return async (variant, raster) => {
    if (raster.channels !== 3 || raster.icc || isFitted(variant, raster)) return raster
    const key = fitKey(variant, raster)
    const known = last?.of === raster && last.key === key ? last : undefined
    const next = pictures[pictures.indexOf(variant) + 1]
    const isSharedOn = next !== undefined && fitKey(next, raster) === key
    if (!known && !isSharedOn) return raster
    const made = known ?? { of: raster, key, fitted: fitted(variant, raster) }
    // Kept no longer than it is of use: these are the pixels of a whole picture, twice.
    last = isSharedOn ? made : undefined
    return await made.fitted
  }
}

function isFitted(variant: PlannedPicture, raster: Raster): boolean {
  const { width, height } = contentSize(raster, variant)
  return raster.width === width && raster.height === height
}

function fitKey(variant: PlannedPicture, raster: Raster): string {
  const { crop, colors, fit, position } = variant
  return JSON.stringify([crop, colors, contentSize(raster, variant), fit === 'cover' && position])
}

async function fitted(variant: PlannedPicture, raster: Raster): Promise<Raster> {
  return await toRaster(await fit(fromRaster(raster), variant, { ...raster, hasAlpha: false }))
}
