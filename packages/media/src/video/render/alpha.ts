import type { VideoFacts } from '../../facts.ts'
import type { FfmpegJob } from '../../ffmpeg/run-ffmpeg.ts'

/** ffmpeg's own decoders of these leave out how transparent a frame is. */
const ALPHA_DECODERS: Record<string, string> = { vp8: 'libvpx', vp9: 'libvpx-vp9' }

interface Source {
  file: string
  facts: Pick<VideoFacts, 'contentType' | 'hasAlpha' | 'details'>
}

/** Returns how a video is opened. */
export function inputOf({ file, facts }: Source): Pick<FfmpegJob, 'file' | 'type' | 'decoder'> {
  const decoder = facts.hasAlpha ? ALPHA_DECODERS[String(facts.details.videoCodec)] : undefined
  return { file, type: facts.contentType, decoder }
}

/**
 * Returns ffmpeg's filters that lay a frame on white, as is done to images in formats without transparency; RGB is what comes out.
 * Negated, white is black, and laying on black is a multiplication.
 */
export const onWhite = ({ colorMatrix }: Pick<VideoFacts, 'colorMatrix'>): string[] => [
  colorMatrix === 'rgb' ? 'scale' : `scale=in_color_matrix=${SWSCALE[colorMatrix] ?? colorMatrix}`,
  ...['format=gbrap', 'negate', 'premultiply=inplace=1', 'negate', 'format=gbrp'],
]

/** What swscale does not know, and nobody writes with transparency, is read as what is nearest. */
const SWSCALE: Partial<Record<VideoFacts['colorMatrix'], string>> = { bt2020c: 'bt2020', ycgco: 'bt709' }

/** Returns a graph of ffmpeg's that gives a frame of RGB, made by these filters, its transparency at this size. */
export const withAlpha = (filters: readonly string[], { width, height }: { width: number; height: number }): string =>
  [
    'split[whole][mask]',
    `[whole]${filters.join(',')}[colors]`,
    `[mask]format=rgba,alphaextract,scale=${width}:${height}[alpha]`,
    '[colors][alpha]alphamerge,format=rgba',
  ].join(';')
