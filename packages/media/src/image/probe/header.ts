import { MediaFault } from '../../fault.ts'
import type { Header } from '../decoders/decoder.ts'
import { DECODERS } from '../decoders/index.ts'
import { faultOfSharp } from '../fault-of-sharp.ts'
import type { ImageInput } from '../input.ts'
import { patchRefused } from '../patch/index.ts'
import { IMAGE_TYPES } from '../types.ts'
import type { ImageProbeContext, ImageProbeResults } from './context.ts'

/** Reads the header, no pixels. */
export const headerStep = {
  name: 'header',
  async run(context: ImageProbeContext, { input }: Pick<ImageProbeResults, 'input'>): Promise<Header> {
    const { type } = context
    const header = await readHeader(context, input)
    if (header.format === IMAGE_TYPES[type].format) return header
    throw new MediaFault('TYPE_MISMATCH', `The content is ${header.format}, not ${type}`)
  },
} as const

async function readHeader(context: ImageProbeContext, input: ImageInput): Promise<Header> {
  try {
    return await tryHeader(context, input)
  } catch (error) {
    const patched = input === context.file ? await patchRefused(context, error) : null
    if (!patched) throw error
    // Whether it helps is seen when it is decoded, and told then.
    return await tryHeader(context, patched.input).catch(() => Promise.reject(error))
  }
}

async function tryHeader(context: ImageProbeContext, input: ImageInput): Promise<Header> {
  const { file, type } = context
  try {
    const decoder = await DECODERS[type]()
    return await decoder.readHeader({ ...context, input })
  } catch (error) {
    throw await faultOfSharp(error, file, type)
  }
}
