// Colour math that depends on no colour engine, so that it can judge one.

export type Rgb = readonly [number, number, number]
export type Matrix = readonly [Rgb, Rgb, Rgb]
export type Primaries = 'bt709' | 'bt2020' | 'smpte432'

/** Linear light of these primaries in those of BT.709: CSS Color 4, sample code of chapter 18 (all have a white of D65). */
export const BT709_FROM: Record<Primaries, Matrix> = {
  bt709: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  bt2020: [
    [1.6604910021, -0.5876411388, -0.0728498633],
    [-0.1245504745, 1.1328998971, -0.0083494226],
    [-0.0181507634, -0.100578898, 1.1187296614],
  ],
  smpte432: [
    [1.2249401762, -0.2249401762, 0],
    [-0.0420569547, 1.0420569547, 0],
    [-0.0196375546, -0.0786360456, 1.0982736002],
  ],
}

export const times = (matrix: Matrix, vector: readonly number[]): Rgb =>
  matrix.map(row => row.reduce((sum, factor, n) => sum + factor * (vector[n] ?? 0), 0)) as unknown as Rgb

/** Converts a signal of 0 to 1 to light by the transfer function of sRGB (IEC 61966-2-1). */
export const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
export const fromLinear = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)

/** Converts a colour (0 to 255) with these primaries to what an sRGB screen shows. */
export const shownColor = (color: Rgb, primaries: Primaries): Rgb =>
  times(
    BT709_FROM[primaries],
    color.map(v => toLinear(v / 255)),
  ).map(v => Math.round(255 * fromLinear(Math.min(1, Math.max(0, v))))) as unknown as Rgb

/** Weights of red and blue in the brightness, by the standards. */
const LUMA: Record<string, readonly [number, number]> = {
  bt709: [0.2126, 0.0722],
  smpte170m: [0.299, 0.114],
  smpte240m: [0.212, 0.087],
  fcc: [0.3, 0.11],
  bt2020nc: [0.2627, 0.0593],
}

/**
 * Converts a colour (0 to 255) to limited-range samples of ten bits: luma, blue and red difference.
 * @throws Error when the matrix is none of those above
 */
export function samplesOf(color: Rgb, matrix: string): Rgb {
  const weights = LUMA[matrix]
  if (!weights) throw new Error(`the weights of ${matrix} are not known`)
  const [kr, kb] = weights
  const [r, g, b] = color.map(v => v / 255) as unknown as Rgb
  const y = kr * r + (1 - kr - kb) * g + kb * b
  const chroma = (v: number) => Math.round(4 * (128 + 224 * v))
  return [Math.round(4 * (16 + 219 * y)), chroma((b - y) / (2 * (1 - kb))), chroma((r - y) / (2 * (1 - kr)))]
}

/** Returns the signal of SMPTE ST 2084 (PQ), from 0 to 1, for so many nits. */
export function pq(nits: number): number {
  const y = (nits / 10_000) ** 0.1593017578125
  return ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375
}
