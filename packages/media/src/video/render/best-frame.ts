import type { Raster } from '../../image/raster.ts'
import { sampleRgba } from '../../image/sample.ts'
import type { Size } from '../../plan/geometry.ts'
import { countBroken } from './damage.ts'
import { readFrame, type VideoContext } from './read-frame.ts'

/** Where to look, as parts of the video: past the titles first. */
const CANDIDATES = [0.1, 0.3, 0.5, 0.7, 0.9, 0]
/** Out of this many frames in a row, as far as they may be held in memory. */
const OUT_OF = 12
const MAX_HELD_PIXELS = 60_000_000
const SAMPLE_PX = 64
/** Contrast (deviation of brightness, of 255) below which a frame is all one colour. */
const MIN_CONTRAST = 16
const DARKEST = 24
const BRIGHTEST = 232

/** Returns the first whole frame that shows something, or the one that shows most; null when the video cannot be decoded anywhere. */
export async function bestFrame(context: VideoContext, size: Size): Promise<Raster | null> {
  const outOf = Math.max(1, Math.min(OUT_OF, Math.floor(MAX_HELD_PIXELS / (size.width * size.height))))
  let best: { raster: Raster; contrast: number } | undefined
  for (const part of CANDIDATES) {
    const atSec = (context.facts.shownMs / 1000) * part
    const { broken, onLine } = countBroken()
    const raster = await readFrame(context, { atSec, size, outOf, onLine })
    if (!raster) continue
    const { mean, contrast: seen } = brightnessOf(raster)
    const contrast = broken.has(context.facts.videoStream) ? 0 : seen
    if (contrast >= MIN_CONTRAST && mean >= DARKEST && mean <= BRIGHTEST) return raster
    if (!best || contrast > best.contrast) best = { raster, contrast }
  }
  return best?.raster ?? null
}

function brightnessOf(raster: Raster): { mean: number; contrast: number } {
  const { rgba } = sampleRgba(raster, SAMPLE_PX)
  const values = Array.from({ length: rgba.length / 4 }, (_, n) => lumaAt(rgba, n * 4))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, contrast: Math.sqrt(variance) }
}

/** Returns the luma of a pixel (BT.709). */
const lumaAt = (rgba: Uint8Array, at: number): number =>
  0.2126 * (rgba[at] ?? 0) + 0.7152 * (rgba[at + 1] ?? 0) + 0.0722 * (rgba[at + 2] ?? 0)
