/** Rows of a 3 × 3 matrix. */
export type Matrix = readonly [Vector, Vector, Vector]
export type Vector = readonly [number, number, number]
type Point = readonly [x: number, y: number]

/** Red, green, blue and white. */
type Chromaticities = readonly [Point, Point, Point, Point]

const D65: Point = [0.3127, 0.329]
const C: Point = [0.31, 0.316]
const NTSC: Chromaticities = [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07], D65]
const BT709: Chromaticities = [[0.64, 0.33], [0.3, 0.6], [0.15, 0.06], D65]
const P3 = [
  [0.68, 0.32],
  [0.265, 0.69],
  [0.15, 0.06],
] as const

/** ITU-T H.273 (2021), table 2; what is not in it has the primaries of sRGB. */
const PRIMARIES: Record<number, Chromaticities> = {
  4: [[0.67, 0.33], [0.21, 0.71], [0.14, 0.08], C],
  5: [[0.64, 0.33], [0.29, 0.6], [0.15, 0.06], D65],
  6: NTSC,
  7: NTSC,
  8: [[0.681, 0.319], [0.243, 0.692], [0.145, 0.049], C],
  9: [[0.708, 0.292], [0.17, 0.797], [0.131, 0.046], D65],
  11: [...P3, [0.314, 0.351]],
  12: [...P3, D65],
  22: [[0.63, 0.34], [0.295, 0.605], [0.155, 0.077], D65],
}

export const isWide = (primaries: number): boolean => Object.hasOwn(PRIMARIES, primaries)

/** Returns the matrix from linear light of these primaries to linear light of sRGB's; whites become white. */
export const toSrgbMatrix = (primaries: number): Matrix => multiply(invert(toD65(BT709)), toD65(of(primaries)))

/** Returns the matrix to XYZ for the white of ICC profiles, D50. */
export const toD50Matrix = (primaries: number): Matrix =>
  multiply(adaptation(of(primaries)[3], D50), toXyz(of(primaries)))

const of = (primaries: number): Chromaticities => PRIMARIES[primaries] ?? BT709
const toD65 = (colors: Chromaticities): Matrix => multiply(adaptation(colors[3], D65), toXyz(colors))

/** Of the PCS: ICC.1:2022, 7.2.16. */
const D50: Point = [0.3457029, 0.3585386]

const xyzOf = ([x, y]: Point): Vector => [x / y, 1, (1 - x - y) / y]

/** Computes the matrix to XYZ (SMPTE RP 177). */
function toXyz([red, green, blue, white]: Chromaticities): Matrix {
  const columns = transpose([xyzOf(red), xyzOf(green), xyzOf(blue)])
  const [r, g, b] = apply(invert(columns), xyzOf(white))
  return [scale(columns[0], [r, g, b]), scale(columns[1], [r, g, b]), scale(columns[2], [r, g, b])]
}

const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
]

function adaptation(from: Point, to: Point): Matrix {
  const [a, b] = [apply(BRADFORD, xyzOf(from)), apply(BRADFORD, xyzOf(to))]
  const gains: Matrix = [
    [b[0] / a[0], 0, 0],
    [0, b[1] / a[1], 0],
    [0, 0, b[2] / a[2]],
  ]
  return multiply(invert(BRADFORD), multiply(gains, BRADFORD))
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const scale = (a: Vector, b: Vector): Vector => [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
]
const apply = (m: Matrix, v: Vector): Vector => [dot(m[0], v), dot(m[1], v), dot(m[2], v)]
const transpose = ([a, b, c]: Matrix): Matrix => [
  [a[0], b[0], c[0]],
  [a[1], b[1], c[1]],
  [a[2], b[2], c[2]],
]
function multiply(a: Matrix, b: Matrix): Matrix {
  const columns = transpose(b)
  const row = (v: Vector): Vector => [dot(v, columns[0]), dot(v, columns[1]), dot(v, columns[2])]
  return [row(a[0]), row(a[1]), row(a[2])]
}
function invert(m: Matrix): Matrix {
  const [a, b, c] = [cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])]
  const factor = 1 / dot(m[0], a)
  const scaled = (v: Vector): Vector => scale(v, [factor, factor, factor])
  return transpose([scaled(a), scaled(b), scaled(c)])
}
