import type { ImageFormatName } from '@darkroom/contracts'
import type { OutputInfo, Sharp } from 'sharp'
import { MediaFault } from '../fault.ts'
import { encoderOptions } from '../formats.ts'

export interface Encoded {
  data: Buffer
  info: OutputInfo
}

interface EncoderSpec {
  name: string
  format: ImageFormatName
  quality: number
  effort?: number | undefined
  maxBytes?: number | undefined
}

/** Below this an image is not worth publishing. */
const MIN_QUALITY = 20
/** A file that uses this much of its budget is not worth another try. */
const FULL = 0.9
/** 6 times as quick as the default, and as small (measured with noise). */
const PALETTE_EFFORT = 4

/**
 * Returns the bytes of an image, of the best quality that fits into its budget.
 * @throws MediaFault OUTPUT_TOO_LARGE
 */
export async function encode(image: Sharp, spec: EncoderSpec): Promise<Encoded> {
  const { name, format, quality, maxBytes = Infinity } = spec
  // One pipeline can write several times; a clone would copy its pixels.
  const write = (options: Record<string, number | boolean>) =>
    image.toFormat(format, options).toBuffer({ resolveWithObject: true })
  const best = await write(encoderOptions(spec))
  if (best.data.length <= maxBytes) return best
  // A PNG has no quality of its own; as an 8-bit palette it has.
  const palette = format === 'png' && { palette: true, effort: PALETTE_EFFORT }
  const at = (quality: number) => write({ ...encoderOptions({ ...spec, quality }), quality, ...palette })
  const fitting = await searchQuality(at, Math.min(quality, MIN_QUALITY), quality, maxBytes)
  if (fitting) return fitting
  throw new MediaFault('OUTPUT_TOO_LARGE', `${name} does not fit into ${maxBytes} bytes at quality ${MIN_QUALITY}`)
}

/** Searches nearly the highest quality that fits by bisection, because the size grows with quality. */
async function searchQuality(
  at: (quality: number) => Promise<Encoded>,
  lowest: number,
  highest: number,
  maxBytes: number,
): Promise<Encoded | undefined> {
  let fitting: Encoded | undefined
  let [low, high] = [lowest, highest]
  for (let quality = lowest; low <= high; quality = Math.floor((low + high) / 2)) {
    const made = await at(quality)
    const { length } = made.data
    if (length <= maxBytes) fitting = made
    if (length <= maxBytes && length >= maxBytes * FULL) break
    if (length <= maxBytes) low = quality + 1
    else high = quality - 1
  }
  return fitting
}
