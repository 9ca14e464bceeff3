import sharp from 'sharp'
import { MediaFault, overLimit } from '../../fault.ts'
import { openOptions } from '../engine.ts'
import type { Decoder, HeaderInput, OpenInput } from './decoder.ts'
import { readLimitedFile } from './read-limited-file.ts'
import { checkedSvg } from './svg-text.ts'

/** librsvg itself refuses more. */
const MAX_BYTES = 10 * 1024 * 1024

/** SVG files, where the installation takes them: drawn from memory, so that no reference has a place to begin at. */
export const svg: Decoder = {
  async readHeader(input) {
    const { limits } = input
    if (!limits.acceptsSvg) throw overLimit('acceptsSvg', 'UNSUPPORTED_TYPE', 'SVG files are not accepted here')
    try {
      return await (await draw(input))().metadata()
    } catch (error) {
      if (!/bad dimensions/i.test(String(error))) throw error
      throw new MediaFault('NO_DIMENSIONS', 'The SVG has no size', { cause: error })
    }
  },

  async open(input) {
    return { icc: undefined, exif: undefined, image: await draw(input) }
  },
}

async function draw({ file, limits }: Pick<HeaderInput | OpenInput, 'file' | 'limits'>) {
  const bytes = checkedSvg(await readLimitedFile(file, MAX_BYTES), limits)
  return () => sharp(bytes, openOptions(limits))
}
