import { writeChapters } from '../../chapters/write-chapters.ts'
import { tryVariants } from '../../pipeline/try-variant.ts'
import type { AudioRenderContext } from './context.ts'

/** The chapters as text: nothing is decoded for it. */
export const chaptersStep = {
  name: 'chapters',
  async run(context: AudioRenderContext): Promise<readonly string[]> {
    const made: string[] = []
    for (const variant of context.variants.filter(variant => variant.type === 'chapters')) {
      if (await tryVariants(context, [variant], () => writeChapters(context, variant))) made.push(variant.name)
    }
    return made
  },
} as const
