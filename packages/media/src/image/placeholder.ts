import type { Placeholder } from '@darkroom/contracts'
import { rgbaToThumbHash } from 'thumbhash'
import { dominantColor } from './dominant-color.ts'
import type { Raster } from './raster.ts'
import { sampleRgba } from './sample.ts'

/** thumbhash keeps at most 7 × 7 waves and takes at most 100 pixels; this is plenty. */
const MAX_PX = 48

/** Returns what a page shows while an image of these pixels loads. */
export function placeholderOf(raster: Raster): Placeholder {
  const { width, height, rgba } = sampleRgba(raster, MAX_PX)
  const hash = rgbaToThumbHash(width, height, rgba)
  return { thumbhash: Buffer.from(hash).toString('base64'), dominantColor: dominantColor(rgba) }
}
