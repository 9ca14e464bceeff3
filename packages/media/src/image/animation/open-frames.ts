import type { Sharp } from 'sharp'
import { openImage } from '../input.ts'
import type { PlannedAnimation } from '../planned.ts'
import type { ImageRenderContext } from '../render/context.ts'

/** Opens all frames, one below the other, of the planned size. The probe has counted their pixels against the limit. */
export function openFrames({ input, limits }: ImageRenderContext, { width, height }: PlannedAnimation): Sharp {
  return openImage(input, limits, { pages: -1 }).resize(width, height, { fit: 'fill' })
}
