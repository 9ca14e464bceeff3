import type { VideoFacts } from '../../facts.ts'
import type { Size } from '../../plan/geometry.ts'
import { onWhite } from './alpha.ts'
import { type ColorSource, colorFilter, type TargetMatrix, tagged } from './color-filter.ts'

/** For a video, for a WebP, whose colours are those of BT.601 whatever it is made of, and for an image. */
export type Pixels = 'yuv420p' | 'webp' | 'rgb24'

type Source = ColorSource & Pick<VideoFacts, 'isInterlaced' | 'hasAlpha'>

/**
 * Returns ffmpeg's filters that make a decoded frame one of this size as every screen shows it: progressive, SDR, with BT.709's
 * primaries; what is transparent becomes white.
 */
export function videoFilter(source: Source, size: Size, pixels: Pixels): string[] {
  const opaque: Source = { ...source, colorMatrix: 'rgb', hasAlpha: false }
  return source.hasAlpha
    ? [...onWhite(source), ...colorsFilter(opaque, size, pixels)]
    : colorsFilter(source, size, pixels)
}

/** Returns the same, whatever is transparent. */
export function colorsFilter(source: Source, size: Size, pixels: Pixels): string[] {
  const { matrix, filters } = TARGETS[pixels]
  const deinterlace = source.isInterlaced ? ['bwdif=mode=send_frame'] : []
  return [...deinterlace, ...colorFilter(source, size, matrix), 'setsar=1', ...filters]
}

const TARGETS: Record<Pixels, { matrix: TargetMatrix; filters: readonly string[] }> = {
  yuv420p: { matrix: 'bt709', filters: ['format=yuv420p', tagged('bt709')] },
  webp: { matrix: 'bt601', filters: ['format=yuv420p', tagged('bt601')] },
  rgb24: {
    matrix: 'bt709',
    filters: [tagged('bt709'), 'scale=in_color_matrix=bt709:in_range=tv', 'format=rgb24'],
  },
}
