import type { VideoFacts } from '../../facts.ts'
import type { Size } from '../../plan/geometry.ts'

export type ColorSource = Pick<VideoFacts, 'isHdr' | 'colorMatrix' | 'colorPrimaries'>
/** Of what comes out: that of a video, or of a WebP. */
export type TargetMatrix = 'bt709' | 'bt601'

/** What ffmpeg's frames and zimg call it; swscale's own BT.601 is SMPTE 170M to all others. */
const NAMES: Record<Exclude<VideoFacts['colorMatrix'], 'rgb'>, string> = {
  bt601: 'smpte170m',
  bt709: 'bt709',
  smpte240m: 'smpte240m',
  fcc: 'fcc',
  bt2020: 'bt2020nc',
  bt2020c: 'bt2020c',
  ycgco: 'ycgco',
}

/** Says of frames that they are of BT.709, in this matrix. */
export const tagged = (matrix: TargetMatrix): string =>
  `setparams=range=tv:colorspace=${NAMES[matrix]}:color_primaries=bt709:color_trc=bt709`

/** Returns ffmpeg's filters that bring a frame to this size, and to BT.709's colours at limited range. */
export function colorFilter(source: ColorSource, size: Size, matrix: TargetMatrix): string[] {
  if (source.isHdr) return fromHdr(source, size, matrix)
  const isWide = source.colorPrimaries !== 'bt709' || ZIMG_ALONE.has(source.colorMatrix)
  return isWide ? fromWide(source, size, matrix) : fromSdr(source, size, matrix)
}

/** Matrices that swscale does not know. */
const ZIMG_ALONE: ReadonlySet<VideoFacts['colorMatrix']> = new Set(['bt2020c', 'ycgco'])

const ANY_YUV = 'format=yuv420p|yuv422p|yuv444p'

/**
 * Scales before it converts: swscale converts colours at the input size, which can cost half as much as the encoder.
 */
function fromSdr({ colorMatrix }: ColorSource, { width, height }: Size, matrix: TargetMatrix): string[] {
  const from = colorMatrix === 'rgb' ? '' : `in_color_matrix=${colorMatrix}:`
  const colors = `${from}out_color_matrix=${matrix}:out_range=tv`
  const scale = `scale=${width}:${height}`
  return [...(colorMatrix === matrix ? [`${scale}:${colors}`] : [scale, `scale=${colors}`]), ANY_YUV]
}

/** A curve that is the same going in and coming out leaves greys as they are, whatever curve the file says. */
const SDR_CURVE = 'iec61966-2-1'

/** Clips colours that BT.709 cannot show, as screens without wide gamut do. */
const fromWide = (source: ColorSource, size: Size, matrix: TargetMatrix): string[] => [
  `${says(source)}:color_trc=${SDR_CURVE}`,
  ...inLinearLight(size, 100),
  ...clipped(SDR_CURVE, matrix),
]

/**
 * Converts light to samples through RGB without values below black. A red below black would take brightness from the
 * green, by an amount that depends on the machine, because some processors approximate the curve.
 */
const clipped = (curve: string, matrix: TargetMatrix): string[] => [
  `zscale=t=${curve}:r=pc`,
  'format=gbrp10le',
  `zscale=m=${NAMES[matrix]}:r=tv`,
  'format=yuv444p',
]

/**
 * Nits of diffuse white, such as of paper (ITU-R BT.2408), and what becomes of it in SDR, of 255. What is brighter, such as
 * lamps and the sun, shares what is left.
 */
const WHITE_NITS = 203
const WHITE_CODE = 235
const WHITE_LINEAR = (WHITE_CODE / 255) ** 2.4
/** Up to here nothing is compressed. */
const KNEE = 0.8

const fromHdr = (source: ColorSource, size: Size, matrix: TargetMatrix): string[] => [
  says(source),
  ...inLinearLight(size, Math.round(WHITE_NITS / WHITE_LINEAR)),
  `tonemap=tonemap=mobius:param=${KNEE}:desat=0`,
  ...clipped('bt709', matrix),
]

/**
 * Converts to linear light with the primaries of BT.709. It scales first, because the following steps calculate in
 * floats.
 */
const inLinearLight = ({ width, height }: Size, nits: number): string[] => [
  `zscale=w=${width}:h=${height}:t=linear:npl=${nits}`,
  'format=gbrpf32le',
  'zscale=p=bt709',
]

/** Decoders tell of frames what the stream tells; where that is nothing, this is what was assumed. */
const says = ({ colorMatrix, colorPrimaries }: ColorSource): string =>
  `setparams=color_primaries=${colorPrimaries}:colorspace=${colorMatrix === 'rgb' ? 'gbr' : NAMES[colorMatrix]}`
