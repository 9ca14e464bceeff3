import type { MediaType } from '@darkroom/contracts'

/** The image types that we decode: sharp's name of the format, and the libvips loaders that may run. All others are blocked. */
export const IMAGE_TYPES = {
  'image/jpeg': { format: 'jpeg', loaders: ['VipsForeignLoadJpegFile', 'VipsForeignLoadJpegBuffer'] },
  'image/png': { format: 'png', loaders: ['VipsForeignLoadPngFile', 'VipsForeignLoadPngBuffer'] },
  'image/webp': { format: 'webp', loaders: ['VipsForeignLoadWebpFile', 'VipsForeignLoadWebpBuffer'] },
  'image/gif': { format: 'gif', loaders: ['VipsForeignLoadNsgifFile', 'VipsForeignLoadNsgifBuffer'] },
  'image/avif': { format: 'heif', loaders: ['VipsForeignLoadHeifFile', 'VipsForeignLoadHeifBuffer'] },
  'image/tiff': { format: 'tiff', loaders: ['VipsForeignLoadTiffFile', 'VipsForeignLoadTiffBuffer'] },
} as const satisfies Record<MediaType, { format: string; loaders: readonly string[] }>
