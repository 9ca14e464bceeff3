import type { VideoFacts } from '../../facts.ts'
import type { Size } from '../../plan/geometry.ts'

/** For a film, and for a picture. */
export type Pixels = 'yuv420p' | 'rgb24'

type Source = Pick<VideoFacts, 'isHdr' | 'isInterlaced' | 'colorMatrix'>

/** ffmpeg's filters that make a decoded frame one of this size in the colours of every screen: progressive, SDR, BT.709. */
export function filmFilter(source: Source, size: Size, pixels: Pixels): string[] {
  const colors = source.isHdr ? fromHdr(size) : fromSdr(source, size)
  return [...(source.isInterlaced ? ['bwdif=mode=send_frame'] : []), ...colors, 'setsar=1', ...TO_PIXELS[pixels]]
}

const TAGS = 'setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709'

const TO_PIXELS: Record<Pixels, readonly string[]> = {
  yuv420p: ['format=yuv420p', TAGS],
  rgb24: [TAGS, 'scale=in_color_matrix=bt709:in_range=tv', 'format=rgb24'],
}

/** Made small first: swscale counts colours anew at the size that comes in, which can cost half as much as the encoder. */
const fromSdr = ({ colorMatrix }: Source, { width, height }: Size): string[] => {
  const colors = `in_color_matrix=${colorMatrix}:out_color_matrix=bt709:out_range=tv`
  const scale = `scale=${width}:${height}`
  return [...(colorMatrix === 'bt709' ? [`${scale}:${colors}`] : [scale, `scale=${colors}`]), ANY_YUV]
}

const ANY_YUV = 'format=yuv420p|yuv422p|yuv444p'

/** White of SDR, in nits, as the usual tone mapping of PQ and HLG with zimg has it. */
const WHITE_NITS = 100

/** Made small first, because what follows counts in floats. */
const fromHdr = ({ width, height }: Size): string[] => [
  'setparams=color_primaries=bt2020:colorspace=bt2020nc',
  `zscale=w=${width}:h=${height}:t=linear:npl=${WHITE_NITS}`,
  'format=gbrpf32le',
  'zscale=p=bt709',
  'tonemap=tonemap=hable:desat=0',
  'zscale=t=bt709:m=bt709:r=tv',
  'format=yuv444p',
]
