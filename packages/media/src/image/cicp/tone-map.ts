import type { Raster } from '../raster.ts'
import { type Cicp, PQ } from './cicp.ts'
import { type Matrix, toSrgbMatrix } from './primaries.ts'

/** Samples of 16 bits: `white` is the largest that the file can hold. */
export interface DeepRaster {
  data: Uint16Array
  width: number
  height: number
  channels: 3 | 4
  white: number
}

/**
 * Nits of diffuse white (ITU-R BT.2408), and what becomes of it, of 255. What is brighter shares what is left. The same as of
 * HDR videos (`video/render/color-filter.ts`), so that a photo and its video look alike.
 */
const WHITE_NITS = 203
const WHITE_CODE = 235
/** Up to here of what is shown nothing is compressed, and this many times as much becomes white. */
const KNEE = 0.8
const PEAK = 10
const LEVELS = 65_536

/** Maps pixels of PQ or HLG to pixels of sRGB. Takes about 0.1 s for a megapixel. */
export function toneMap({ data, width, height, channels, white }: DeepRaster, cicp: Cicp): Raster {
  const light = cicp.transfer === PQ ? pqLight(white) : hlgLight(white)
  const finish = cicp.transfer === PQ ? 0 : HLG_GAMMA - 1
  const [[rr, rg, rb], [gr, gg, gb], [br, bg, bb]]: Matrix = toSrgbMatrix(cicp.primaries)
  const nits = WHITE_NITS / toLinear(WHITE_CODE / 255)
  const out = Buffer.allocUnsafe(data.length)
  for (let at = 0; at < data.length; at += channels) {
    const [r, g, b] = [light[data[at] ?? 0] ?? 0, light[data[at + 1] ?? 0] ?? 0, light[data[at + 2] ?? 0] ?? 0]
    // HLG says how bright a scene is; how bright a screen shows it depends on its luminance (BT.2100, table 5).
    const gain = (finish === 0 ? 1 : (0.2627 * r + 0.678 * g + 0.0593 * b) ** finish) / nits
    const red = (rr * r + rg * g + rb * b) * gain
    const green = (gr * r + gg * g + gb * b) * gain
    const blue = (br * r + bg * g + bb * b) * gain
    const most = Math.max(red, green, blue)
    const factor = most > KNEE ? compressed(most) / most : 1
    out[at] = encoded(red * factor)
    out[at + 1] = encoded(green * factor)
    out[at + 2] = encoded(blue * factor)
    if (channels === 4) out[at + 3] = Math.round(((data[at + 3] ?? 0) / white) * 255)
  }
  return { data: out, width, height, channels }
}

/** The curve of ffmpeg's `tonemap=mobius`: straight up to the knee, and smooth where it bends. */
const A = (-KNEE * KNEE * (PEAK - 1)) / (KNEE * KNEE - 2 * KNEE + PEAK)
const B = (KNEE * KNEE - 2 * KNEE * PEAK + PEAK) / (PEAK - 1)
const SLOPE = (B * B + 2 * B * KNEE + KNEE * KNEE) / (B - A)
const compressed = (value: number): number => (SLOPE * (value + A)) / (value + B)

const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
const fromLinear = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)
const CODES = Uint8Array.from({ length: LEVELS }, (_, n) => Math.round(fromLinear(n / (LEVELS - 1)) * 255))
const encoded = (linear: number): number => CODES[Math.round(Math.max(0, Math.min(1, linear)) * (LEVELS - 1))] ?? 0

const table = (white: number, nitsOf: (signal: number) => number): Float64Array =>
  Float64Array.from({ length: LEVELS }, (_, n) => nitsOf(Math.min(1, n / white)))

/** Converts a PQ signal to nits (SMPTE ST 2084). */
const pqLight = (white: number): Float64Array =>
  table(white, signal => {
    const power = signal ** (1 / 78.84375)
    return 10_000 * (Math.max(0, power - 0.8359375) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)
  })

/** Of a screen of 1000 nits. */
const HLG_GAMMA = 1.2
const HLG_NITS = 1000
const [HLG_A, HLG_B, HLG_C] = [0.17883277, 0.28466892, 0.55991073]

/** Converts an HLG signal to scene light (ITU-R BT.2100), in units in which the power of its luminance gives nits. */
const hlgLight = (white: number): Float64Array =>
  table(white, signal => {
    const scene = signal <= 0.5 ? signal ** 2 / 3 : (Math.exp((signal - HLG_C) / HLG_A) + HLG_B) / 12
    return scene * HLG_NITS ** (1 / HLG_GAMMA)
  })
