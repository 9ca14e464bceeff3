import type { Operation } from './index.ts'

/** The planner has computed the exact size, so nothing is left to decide but whether the rest is cropped. */
export const fit: Operation = (image, { width, height, fit }, source) => {
  if (source.width === width && source.height === height) return image
  return image.resize(width, height, { fit: fit === 'cover' ? 'cover' : 'fill' })
}
