import type { ImageInput } from '../input.ts'
import { wholeInput } from '../patch/index.ts'
import type { ImageProbeContext } from './context.ts'

/** What is whole in the file. That something is missing is known now; that nothing is, only after the decoding. */
export const inputStep = {
  name: 'input',
  async run(context: ImageProbeContext): Promise<ImageInput> {
    const { input, warning } = await wholeInput(context)
    if (warning?.code === 'SOURCE_TRUNCATED') context.warn(warning)
    return input
  },
} as const
