import type { ImageSource } from '../decoders/decoder.ts'
import { DECODERS } from '../decoders/index.ts'
import { faultOfSharp } from '../fault-of-sharp.ts'
import type { ImageRenderContext } from './context.ts'

/** Opens the file; what libvips cannot decode by itself is decoded here, once. */
export const sourceStep = {
  name: 'source',
  async run(context: ImageRenderContext): Promise<ImageSource> {
    const { file, facts } = context
    try {
      const decoder = await DECODERS[facts.contentType]()
      return await decoder.open(context)
    } catch (error) {
      throw await faultOfSharp(error, file, facts.contentType)
    }
  },
} as const
