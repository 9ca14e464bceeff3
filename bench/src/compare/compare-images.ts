import { ssim as ssimOf } from 'ssim.js'
import { mean } from '../measure/statistics.ts'
import { deltaE2000 } from './delta-e.ts'
import { enlarged, meansOf, type Raster } from './raster.ts'

export interface ImageMeasures {
  frames: number
  ssimMin: number
  ssimMean: number
  deltaEMean: number
  deltaEP99: number
}

/** Ours and the reference of one image, or of one frame. */
export type Pair = readonly [ours: Raster, reference: Raster]

/**
 * Measures the difference of images that should look the same: SSIM of the luminance of each frame, CIEDE2000 over all
 * frames.
 * @throws Error when the two of a pair differ in size
 */
export function compareImages(pairs: readonly Pair[]): ImageMeasures {
  const ssims = pairs.map(pair => ssim(...pair))
  const differences = joined(pairs.map(pair => colorDifferences(...pair))).sort()
  return {
    frames: pairs.length,
    ssimMin: Math.min(...ssims),
    ssimMean: mean(ssims),
    deltaEMean: differences.reduce((sum, value) => sum + value, 0) / differences.length,
    deltaEP99: differences[Math.floor((differences.length - 1) * 0.99)] ?? Number.NaN,
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function ssim(ours: Raster, reference: Raster): number {
  if (ours.width !== reference.width || ours.height !== reference.height) {
    throw new Error(`${ours.width} × ${ours.height} is not ${reference.width} × ${reference.height}`)
  }
  const by = Math.ceil(WINDOW / Math.min(ours.width, ours.height))
  return ssimOf(withAlpha(enlarged(ours, by)), withAlpha(enlarged(reference, by))).mssim
}

/** Of SSIM, in pixels: a smaller image has no SSIM, so that its pixels are made larger. */
const WINDOW = 11

/** Adds an alpha channel, because ssim.js expects the pixels of a canvas. */
function withAlpha({ width, height, data }: Raster) {
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let from = 0, to = 0; to < pixels.length; from += 3, to += 4) {
    pixels[to] = data[from] as number
    pixels[to + 1] = data[from + 1] as number
    pixels[to + 2] = data[from + 2] as number
  }
  return { width, height, data: pixels }
}

/** Videos, JPEG and WebP keep colours at half the resolution, so that single pixels beside an edge say nothing of colours. */
const SQUARE = 4
/** Of the smaller side: below it there are too few squares to speak of. */
const MIN_SQUARES = 4

function colorDifferences(ours: Raster, reference: Raster): Float32Array {
  const by = Math.min(ours.width, ours.height) >= SQUARE * MIN_SQUARES ? SQUARE : 1
  return deltaE2000(meansOf(ours, by), meansOf(reference, by))
}
