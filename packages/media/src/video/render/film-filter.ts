import type { VideoFacts } from '../../facts.ts'
import type { Size } from '../../plan/geometry.ts'

/** For a film, for a WebP, whose colours are those of BT.601 whatever it is made of, and for a picture. */
export type Pixels = 'yuv420p' | 'webp' | 'rgb24'

type Source = Pick<VideoFacts, 'isHdr' | 'isInterlaced' | 'colorMatrix'>
type Matrix = 'bt709' | 'bt601'

/** ffmpeg's filters that make a decoded frame one of this size as every screen shows it: progressive, SDR, with BT.709's primaries. */
export function filmFilter(source: Source, size: Size, pixels: Pixels): string[] {
  const { matrix, filters } = TARGETS[pixels]
  const colors = source.isHdr ? fromHdr(size, matrix) : fromSdr(source, size, matrix)
  return [...(source.isInterlaced ? ['bwdif=mode=send_frame'] : []), ...colors, 'setsar=1', ...filters]
}

/** What swscale calls BT.601 is SMPTE 170M to all others. */
const NAMES: Record<Matrix, string> = { bt709: 'bt709', bt601: 'smpte170m' }

const tagged = (matrix: Matrix): string =>
  `setparams=range=tv:colorspace=${NAMES[matrix]}:color_primaries=bt709:color_trc=bt709`

const TARGETS: Record<Pixels, { matrix: Matrix; filters: readonly string[] }> = {
  yuv420p: { matrix: 'bt709', filters: ['format=yuv420p', tagged('bt709')] },
  webp: { matrix: 'bt601', filters: ['format=yuv420p', tagged('bt601')] },
  rgb24: {
    matrix: 'bt709',
    filters: [tagged('bt709'), 'scale=in_color_matrix=bt709:in_range=tv', 'format=rgb24'],
  },
}

/** Made small first: swscale counts colours anew at the size that comes in, which can cost half as much as the encoder. */
const fromSdr = ({ colorMatrix }: Source, { width, height }: Size, matrix: Matrix): string[] => {
  const colors = `in_color_matrix=${colorMatrix}:out_color_matrix=${matrix}:out_range=tv`
  const scale = `scale=${width}:${height}`
  return [...(colorMatrix === matrix ? [`${scale}:${colors}`] : [scale, `scale=${colors}`]), ANY_YUV]
}

const ANY_YUV = 'format=yuv420p|yuv422p|yuv444p'

/** White of SDR, in nits, as the usual tone mapping of PQ and HLG with zimg has it. */
const WHITE_NITS = 100

/** Made small first, because what follows counts in floats. */
const fromHdr = ({ width, height }: Size, matrix: Matrix): string[] => [
  'setparams=color_primaries=bt2020:colorspace=bt2020nc',
  `zscale=w=${width}:h=${height}:t=linear:npl=${WHITE_NITS}`,
  'format=gbrpf32le',
  'zscale=p=bt709',
  'tonemap=tonemap=hable:desat=0',
  `zscale=t=bt709:m=${NAMES[matrix]}:r=tv`,
  'format=yuv444p',
]
