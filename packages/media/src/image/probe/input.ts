import type { ImageInput } from '../input.ts'
import { wholeInput } from '../mend/index.ts'
import type { ImageProbeContext } from './context.ts'

/** What is whole in the file. */
export const inputStep = {
  name: 'input',
  run: (context: ImageProbeContext): Promise<ImageInput> => wholeInput(context, context.warn),
} as const
