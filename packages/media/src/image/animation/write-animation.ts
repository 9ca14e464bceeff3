import { faultOfSharp } from '../fault-of-sharp.ts'
import type { PlannedAnimation } from '../planned.ts'
import type { ImageRenderContext } from '../render/context.ts'
import { writeMp4 } from './mp4.ts'
import { writeWebp } from './webp.ts'

const WRITERS: Record<
  PlannedAnimation['format'],
  (context: ImageRenderContext, variant: PlannedAnimation) => Promise<void>
> = { webp: writeWebp, mp4: writeMp4 }

/** Makes the animation of an animated source. */
export async function writeAnimation(context: ImageRenderContext, variant: PlannedAnimation): Promise<void> {
  try {
    await WRITERS[variant.format](context, variant)
  } catch (error) {
    throw await faultOfSharp(error, context.file, context.facts.contentType)
  }
}
