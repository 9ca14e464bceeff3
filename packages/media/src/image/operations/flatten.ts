import { backgroundOf } from './background.ts'
import type { Operation } from './index.ts'

/** Gives what is transparent the background, or white in a format without transparency. */
export const flatten: Operation = (image, variant, { hasAlpha }) => {
  const background = backgroundOf(variant)
  return hasAlpha && background !== undefined ? image.flatten({ background }) : image
}
