import type { Size } from '../../plan/geometry.ts'
import { rasterSize } from '../plan.ts'
import type { Crop, PlannedPicture } from '../planned.ts'
import type { ImageRenderContext } from './context.ts'

/** What a variant wants of the source before anything is made of it. Variants of one view share a decode. */
export interface View {
  colors: PlannedPicture['colors']
  crop: Crop | undefined
}

export const viewOf = ({ colors, crop }: PlannedPicture): View => ({ colors, crop })

export const viewKey = ({ colors, crop }: View): string => JSON.stringify([colors, crop ?? null])

/** The whole picture in sRGB: it is decoded in any case. */
export const isMainView = ({ colors, crop }: View): boolean => colors === 'srgb' && crop === undefined

/** How large the pixels of a view have to be. */
export function sizeOfView({ facts, pictures }: Pick<ImageRenderContext, 'facts' | 'pictures'>, view: View): Size {
  const key = viewKey(view)
  return rasterSize(
    view.crop ?? facts,
    pictures.filter(picture => viewKey(viewOf(picture)) === key),
  )
}
