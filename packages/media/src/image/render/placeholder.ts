import { placeholderOf } from '../placeholder.ts'
import type { ImageRenderContext, ImageRenderResults } from './context.ts'

export const placeholderStep = {
  name: 'placeholder',
  run: (_context: ImageRenderContext, { raster }: Pick<ImageRenderResults, 'raster'>) => placeholderOf(raster),
} as const
