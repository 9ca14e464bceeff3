import type { Sharp } from 'sharp'
import { contentSize, type Size } from '../../plan/geometry.ts'
import type { Operation } from './index.ts'

/** The planner has computed the exact size, so nothing is left to decide but what is cropped. */
export const fit: Operation = (image, variant, source) => {
  const size = contentSize(source, variant)
  if (source.width === size.width && source.height === size.height) return image
  if (variant.fit !== 'cover') return image.resize(size.width, size.height, { fit: 'fill' })
  const { position } = variant
  if (typeof position === 'object') return coverPoint(image, size, source, position)
  return image.resize(size.width, size.height, { fit: 'cover', position })
}

/** Shrinks until one side fits, then cuts the other so that the point is as near to the middle as the edges allow. */
function coverPoint(image: Sharp, { width, height }: Size, source: Size, point: { x: number; y: number }): Sharp {
  const factor = Math.max(width / source.width, height / source.height)
  const whole = {
    width: Math.max(width, Math.round(source.width * factor)),
    height: Math.max(height, Math.round(source.height * factor)),
  }
  const left = start(point.x, width, whole.width)
  const top = start(point.y, height, whole.height)
  return image.resize(whole.width, whole.height, { fit: 'fill' }).extract({ left, top, width, height })
}

const start = (point: number, part: number, whole: number): number =>
  Math.max(0, Math.min(whole - part, Math.round(point * whole - part / 2)))
