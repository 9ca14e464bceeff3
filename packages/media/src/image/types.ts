import type { MediaTypeOf } from '@darkroom/contracts'

interface ImageTypeEntry {
  /** The name of the format in the header that was read. */
  format: string
  /** The libvips loaders that may run; all others are blocked. None where another decoder does the work. */
  loaders: readonly string[]
}

const HEIF_LOADERS = ['VipsForeignLoadHeifFile', 'VipsForeignLoadHeifBuffer'] as const

/** The image types that we decode. */
export const IMAGE_TYPES = {
  'image/jpeg': { format: 'jpeg', loaders: ['VipsForeignLoadJpegFile', 'VipsForeignLoadJpegBuffer'] },
  'image/png': { format: 'png', loaders: ['VipsForeignLoadPngFile', 'VipsForeignLoadPngBuffer'] },
  'image/webp': { format: 'webp', loaders: ['VipsForeignLoadWebpFile', 'VipsForeignLoadWebpBuffer'] },
  'image/gif': { format: 'gif', loaders: ['VipsForeignLoadNsgifFile', 'VipsForeignLoadNsgifBuffer'] },
  'image/avif': { format: 'heif', loaders: HEIF_LOADERS },
  'image/heic': { format: 'heif', loaders: HEIF_LOADERS },
  'image/heif': { format: 'heif', loaders: HEIF_LOADERS },
  'image/tiff': { format: 'tiff', loaders: ['VipsForeignLoadTiffFile', 'VipsForeignLoadTiffBuffer'] },
  'image/jxl': { format: 'jxl', loaders: [] },
  // From memory only: an SVG without a place of its own has nothing to look for files beside.
  'image/svg+xml': { format: 'svg', loaders: ['VipsForeignLoadSvgBuffer'] },
} as const satisfies Record<MediaTypeOf<'image'>, ImageTypeEntry>

export type ImageType = keyof typeof IMAGE_TYPES
export const isImageType = (type: string): type is ImageType => Object.hasOwn(IMAGE_TYPES, type)
