import { MediaFault } from '../../fault.ts'
import type { Header } from '../decoders/decoder.ts'
import { DECODERS } from '../decoders/index.ts'
import { faultOf } from '../fault-of.ts'
import { IMAGE_TYPES } from '../types.ts'
import type { ImageProbeContext } from './context.ts'

/** Reads the header, no pixels. */
export const headerStep = {
  name: 'header',
  async run(context: ImageProbeContext): Promise<Header> {
    const { type } = context
    const header = await readHeader(context)
    if (header.format === IMAGE_TYPES[type].format) return header
    throw new MediaFault('TYPE_MISMATCH', `The content is ${header.format}, not ${type}`)
  },
} as const

async function readHeader(context: ImageProbeContext): Promise<Header> {
  const { file, type } = context
  try {
    return await DECODERS[type].readHeader(context)
  } catch (error) {
    throw await faultOf(error, file, type)
  }
}
