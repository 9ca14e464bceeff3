import { tryVariants } from '../../pipeline/try-variant.ts'
import { writeAnimation } from '../animation/write-animation.ts'
import { rightsOf } from '../exif.ts'
import type { PlannedStillImage } from '../planned.ts'
import { fromRaster, type Raster } from '../raster.ts'
import { writeRaster } from '../write-raster.ts'
import type { ImageRenderContext, ImageRenderResults } from './context.ts'
import { decodeAs } from './decode.ts'
import { decodeKey, decodeOptionsOf, isMainDecode } from './decode-options.ts'
import { sharedFit } from './shared-fit.ts'

type Made = Pick<ImageRenderResults, 'source' | 'preview' | 'raster'>

/** All variants in the planned order; one that fails does not stop the others. */
export const variantsStep = {
  name: 'made',
  async run(context: ImageRenderContext, before: Made): Promise<readonly string[]> {
    const made = [...before.preview]
    const rasterOf = rasters(context, before)
    const fittedOf = sharedFit(context.images)
    for (const variant of context.variants) {
      if (made.includes(variant.name)) continue
      const isMade = await tryVariants(context, [variant], async () => {
        if (variant.type === 'animation') await writeAnimation(context, variant)
        else await writeImage(context, before, variant, await fittedOf(variant, await rasterOf(variant)))
      })
      if (isMade) made.push(variant.name)
    }
    return made
  },
} as const

async function writeImage(
  context: ImageRenderContext,
  { source: { exif } }: Made,
  variant: PlannedStillImage,
  raster: Raster,
): Promise<void> {
  const rights = variant.keepCopyright ? rightsOf(exif) : undefined
  const { width, height, channels } = raster
  const source = { width, height, hasAlpha: channels === 4, ...(rights && { rights }) }
  await writeRaster(context, variant, fromRaster(raster), source)
}

/** Decodes the pixels for variants. Besides the main ones only those of the last other decode are kept. */
function rasters(
  context: ImageRenderContext,
  { source, raster }: Made,
): (variant: PlannedStillImage) => Promise<Raster> {
  let last: { key: string; raster: Promise<Raster> } | undefined
  return async variant => {
    const options = decodeOptionsOf(variant)
    if (isMainDecode(options)) return raster
    const key = decodeKey(options)
    if (last?.key !== key) last = { key, raster: decodeAs(context, source, options) }
    return await last.raster
  }
}
