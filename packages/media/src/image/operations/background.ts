import { IMAGE_FORMATS } from '@darkroom/contracts/written-types'
import { contentSize } from '../../plan/geometry.ts'
import type { PlannedRaster } from '../planned.ts'
import type { OperationSource } from './index.ts'

const WHITE = '#ffffff'

/** Returns the colour behind an image; undefined where it stays transparent. */
export const backgroundOf = ({ background, format }: Pick<PlannedRaster, 'background' | 'format'>) =>
  background ?? (IMAGE_FORMATS[format].hasAlpha ? undefined : WHITE)

/** Returns how much wider and higher a variant is than the image in it. */
export function paddingOf(variant: PlannedRaster, source: OperationSource): { across: number; down: number } {
  const content = contentSize(source, variant)
  return { across: variant.width - content.width, down: variant.height - content.height }
}

/** Returns whether nothing of a variant is transparent. */
export function isOpaque(variant: PlannedRaster, source: OperationSource): boolean {
  if (backgroundOf(variant) !== undefined) return true
  const { across, down } = paddingOf(variant, source)
  return !source.hasAlpha && across === 0 && down === 0
}
