import type { MediaFault } from '../../fault.ts'
import type { PlannedVariant } from '../../plan.ts'
import { fromRaster, type Raster } from '../raster.ts'
import type { ImageRenderContext, ImageRenderResults } from './context.ts'
import { writeVariant } from './write-variant.ts'

/** All variants from the pixels in memory, smallest first; one that fails does not stop the others. */
export const variantsStep = {
  name: 'made',
  async run(
    context: ImageRenderContext,
    { preview, raster }: Pick<ImageRenderResults, 'preview' | 'raster'>,
  ): Promise<readonly string[]> {
    const made = [...preview]
    for (const variant of context.variants) {
      if (!made.includes(variant.name) && (await tryVariant(context, variant, raster))) made.push(variant.name)
    }
    return made
  },
} as const

async function tryVariant(context: ImageRenderContext, variant: PlannedVariant, raster: Raster): Promise<boolean> {
  try {
    await writeVariant(context, variant, fromRaster(raster), { ...raster, hasAlpha: raster.channels === 4 })
    return true
  } catch (error) {
    context.announce({ name: variant.name, fault: encodeFault(error) })
    return false
  }
}

function encodeFault(error: unknown): { code: MediaFault['code']; detail: string } {
  const message = error instanceof Error ? error.message : String(error)
  const full = /ENOSPC|no space left/i.test(message)
  return { code: full ? 'NO_SPACE' : 'INTERNAL', detail: `The variant could not be made: ${message.slice(0, 200)}` }
}
