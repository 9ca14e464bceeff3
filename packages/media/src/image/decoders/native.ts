import sharp from 'sharp'
import { openOptions } from '../engine.ts'
import type { Decoder } from './decoder.ts'

/** What libvips decodes by itself. */
export const native: Decoder = {
  readHeader: async ({ file, limits }) => await sharp(file, openOptions(limits)).metadata(),

  async open({ file, limits }) {
    const { icc, exif } = await sharp(file, openOptions(limits)).metadata()
    return { icc, exif, image: options => sharp(file, { ...openOptions(limits), ...options }).autoOrient() }
  },
}
