import type { Placeholder } from '@darkroom/contracts'
import { placeholderOf } from '../../image/placeholder.ts'
import { fromRaster } from '../../image/raster.ts'
import { writeRaster } from '../../image/write-raster.ts'
import { tryVariants } from '../../pipeline/try-variant.ts'
import { decodeCover } from '../cover/decode-cover.ts'
import type { AudioRenderContext } from './context.ts'
import { progressOf } from './progress.ts'

/** The embedded image, decoded once. */
export const coversStep = {
  name: 'placeholder',
  async run(context: AudioRenderContext): Promise<Placeholder | null> {
    const { cover } = context.facts
    const variants = context.variants.filter(variant => variant.type === 'cover')
    if (!cover || context.part === 'rest') return null
    let placeholder: Placeholder | null = null
    await tryVariants(context, variants, async () => {
      const raster = await decodeCover(context, cover, variants)
      placeholder = placeholderOf(raster)
      for (const variant of variants) {
        const source = { ...raster, hasAlpha: raster.channels === 4 }
        await tryVariants(context, [variant], () => writeRaster(context, variant, fromRaster(raster), source))
      }
    })
    progressOf(context, variants)(1)
    return placeholder
  },
} as const
