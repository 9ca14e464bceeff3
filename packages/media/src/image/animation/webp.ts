import { writeFile } from 'node:fs/promises'
import { encoderOptions } from '../../formats.ts'
import { finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import type { PlannedAnimation } from '../planned.ts'
import type { ImageRenderContext } from '../render/context.ts'
import { openFrames } from './open-frames.ts'

/** Delays and loops are those of the source: sharp carries them over. */
export async function writeWebp(context: ImageRenderContext, variant: PlannedAnimation): Promise<void> {
  const data = await openFrames(context, variant)
    .webp(encoderOptions({ ...variant, format: 'webp' }))
    .toBuffer()
  await writeFile(variantFile(context, variant), data)
  await finishVariant(context, variant, variant, data)
}
