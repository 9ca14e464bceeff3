import { isDeepStrictEqual } from 'node:util'
import { contentSize, neededSize } from '../../plan/geometry.ts'
import { fit } from '../operations/fit.ts'
import type { PlannedStillImage } from '../planned.ts'
import { fromRaster, type Raster, toRaster } from '../raster.ts'
import { decodeKey, decodeOptionsOf } from './decode-options.ts'

/** The pixels that a variant is made of, given those that were decoded for it. */
type RasterOf = (variant: PlannedStillImage, raster: Raster) => Promise<Raster>

/** A resize out of pixels that are so much larger looks as one out of the whole image does (bench/README.md, numbers). */
const MIN_SHRINK = 1.5
/** Making larger ones first would keep people waiting for the first preview, and in memory. */
const MAX_PART_OF_RASTER = 1 / 4

/**
 * Returns how variants are resized. Two variants that follow each other share a resize where they can, which costs more than writing a JPEG: those of one size
 * differ only in how they are written, and the smallest is made of the pixels of the next. Only opaque sRGB: sharp
 * flattens before it resizes, and pixels in memory lose their profile.
 */
export function sharedFit(images: readonly PlannedStillImage[]): RasterOf {
  let last: { of: Raster; key: string; fitted: Promise<Raster> } | undefined
  return async (variant, raster) => {
    if (raster.channels !== 3 || raster.icc || isFitted(variant, raster)) return raster
    const key = fitKey(variant, raster)
    const known = last?.of === raster && last.key === key ? last : undefined
    const next = images[images.indexOf(variant) + 1]
    const nextKey = next && fitKey(next, raster)
    const isFirst = variant === images[0]
    const isShared = next !== undefined && (nextKey === key || (isFirst && isSourceOf(next, variant, raster)))
    // Kept no longer than it is of use: these are the pixels of a whole image, twice.
    last = isShared ? (known ?? { of: raster, key: nextKey ?? key, fitted: fitted(next, raster) }) : undefined
    return (await (known ?? last)?.fitted) ?? raster
  }
}

/** Tells whether the pixels of `larger` are the whole image that `variant` shows, and large enough. */
function isSourceOf(larger: PlannedStillImage, variant: PlannedStillImage, raster: Raster): boolean {
  if (
    larger.fit !== 'inside' ||
    isFitted(larger, raster) ||
    decodeKey(decodeOptionsOf(larger)) !== decodeKey(decodeOptionsOf(variant))
  )
    return false
  const has = contentSize(raster, larger)
  const needed = neededSize(raster, [variant])
  return (
    has.width * has.height <= raster.width * raster.height * MAX_PART_OF_RASTER &&
    has.width >= needed.width * MIN_SHRINK &&
    has.height >= needed.height * MIN_SHRINK &&
    // Its sides are rounded; what is left of a canvas beside it must not differ for that.
    isDeepStrictEqual(contentSize(has, variant), contentSize(raster, variant))
  )
}

function isFitted(variant: PlannedStillImage, raster: Raster): boolean {
  const { width, height } = contentSize(raster, variant)
  return raster.width === width && raster.height === height
}

function fitKey(variant: PlannedStillImage, raster: Raster): string {
  const { crop, colors, fit, position } = variant
  return JSON.stringify([crop, colors, contentSize(raster, variant), fit === 'cover' && position])
}

async function fitted(variant: PlannedStillImage, raster: Raster): Promise<Raster> {
  return await toRaster(await fit(fromRaster(raster), variant, { ...raster, hasAlpha: false }))
}
