import { rgbaToThumbHash } from 'thumbhash'
import { dominantColor } from '../dominant-color.ts'
import { sampleRgba } from '../sample.ts'
import type { ImageRenderContext, ImageRenderResults } from './context.ts'

/** thumbhash keeps at most 7 × 7 waves and takes at most 100 pixels; this is plenty. */
const MAX_PX = 48

/** What a page shows while the picture loads. */
export const placeholderStep = {
  name: 'placeholder',
  run(_context: ImageRenderContext, { raster }: Pick<ImageRenderResults, 'raster'>): ImageRenderResults['placeholder'] {
    const small = sampleRgba(raster, MAX_PX)
    const hash = rgbaToThumbHash(small.width, small.height, small.rgba)
    return { thumbhash: Buffer.from(hash).toString('base64'), dominantColor: dominantColor(small.rgba) }
  },
} as const
