import type { Size } from '../../plan/geometry.ts'
import { rasterSize } from '../plan.ts'
import type { Crop, PlannedStillImage } from '../planned.ts'
import type { ImageRenderContext } from './context.ts'

/** How a variant wants the source decoded. Variants with the same options share a decode. */
export interface DecodeOptions {
  colors: PlannedStillImage['colors']
  crop: Crop | undefined
}

export const decodeOptionsOf = ({ colors, crop }: PlannedStillImage): DecodeOptions => ({ colors, crop })

export const decodeKey = ({ colors, crop }: DecodeOptions): string => JSON.stringify([colors, crop ?? null])

/** Returns whether it is the whole image in sRGB: it is decoded in any case. */
export const isMainDecode = ({ colors, crop }: DecodeOptions): boolean => colors === 'srgb' && crop === undefined

/** Returns how large the pixels have to be that are decoded with these options. */
export function decodedSize(
  { facts, images }: Pick<ImageRenderContext, 'facts' | 'images'>,
  options: DecodeOptions,
): Size {
  const key = decodeKey(options)
  return rasterSize(
    options.crop ?? facts,
    images.filter(image => decodeKey(decodeOptionsOf(image)) === key),
  )
}
