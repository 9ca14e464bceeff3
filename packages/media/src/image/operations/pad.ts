import { backgroundOf, paddingOf } from './background.ts'
import type { Operation } from './index.ts'

const TRANSPARENT = { r: 0, g: 0, b: 0, alpha: 0 }

/** Adds background around the image, up to the planned size. */
export const pad: Operation = (image, variant, source) => {
  const { across, down } = paddingOf(variant, source)
  if (across === 0 && down === 0) return image
  const left = Math.floor(across / 2)
  const top = Math.floor(down / 2)
  const background = backgroundOf(variant) ?? TRANSPARENT
  return image.extend({ left, right: across - left, top, bottom: down - top, background })
}
