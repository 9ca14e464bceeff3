import type { Size } from '../../plan/geometry.ts'
import { rasterSize } from '../plan.ts'
import type { Crop, PlannedStillImage } from '../planned.ts'
import type { ImageRenderContext } from './context.ts'

/** What a variant wants of the source before anything is made of it. Variants of one view share a decode. */
export interface View {
  colors: PlannedStillImage['colors']
  crop: Crop | undefined
}

export const viewOf = ({ colors, crop }: PlannedStillImage): View => ({ colors, crop })

export const viewKey = ({ colors, crop }: View): string => JSON.stringify([colors, crop ?? null])

/** The whole picture in sRGB: it is decoded in any case. */
export const isMainView = ({ colors, crop }: View): boolean => colors === 'srgb' && crop === undefined

/** How large the pixels of a view have to be. */
export function sizeOfView({ facts, images }: Pick<ImageRenderContext, 'facts' | 'images'>, view: View): Size {
  const key = viewKey(view)
  return rasterSize(
    view.crop ?? facts,
    images.filter(image => viewKey(viewOf(image)) === key),
  )
}
