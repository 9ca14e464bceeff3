import { OUTPUT_TYPES } from '../../formats.ts'
import type { Operation } from './index.ts'

/** Formats without transparency get a white background. */
export const flatten: Operation = (image, { format }, { hasAlpha }) => {
  if (!hasAlpha || OUTPUT_TYPES[format].hasAlpha) return image
  return image.flatten({ background: '#ffffff' })
}
