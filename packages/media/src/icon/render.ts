import { writeFile } from 'node:fs/promises'
import { finishVariant, variantFile } from '../pipeline/finish-variant.ts'
import type { RenderContext } from '../pipeline/kind.ts'
import { tryVariants } from '../pipeline/try-variant.ts'
import { drawIcon } from './draw.ts'

/** Draws the icons that were planned. */
export async function renderIcons(context: RenderContext): Promise<void> {
  for (const variant of context.variants) {
    if (variant.type !== 'icon') continue
    await tryVariants(context, [variant], async () => {
      const data = await drawIcon(context.facts.contentType, variant)
      await writeFile(variantFile(context, variant), data)
      await finishVariant(context, variant, variant, data)
    })
  }
}
