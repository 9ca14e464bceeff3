import { openImage } from '../input.ts'
import type { Decoder } from './decoder.ts'

/** What libvips decodes by itself. */
export const native: Decoder = {
  readHeader: async ({ input, limits }) => await openImage(input, limits).metadata(),

  async open({ input, limits }) {
    const { icc, exif } = await openImage(input, limits).metadata()
    return { icc, exif, image: options => openImage(input, limits, options).autoOrient() }
  },
}
