import type { Sharp } from 'sharp'
import { contentSize, type Size } from '../../plan/geometry.ts'
import type { Operation } from './index.ts'

/** Resizes to the planned size. The planner has computed the exact size, so nothing is left to decide but what is cropped. */
export const fit: Operation = (image, variant, source) => {
  const size = contentSize(source, variant)
  if (source.width === size.width && source.height === size.height) return image
  if (variant.fit !== 'cover') return image.resize(size.width, size.height, { fit: 'fill' })
  const { position } = variant
  if (typeof position === 'object') return coverPoint(image, size, source, position)
  return image.resize(size.width, size.height, { fit: 'cover', position })
}

/**
 * Cuts the largest part of these proportions, so that the point is as near to its middle as the edges allow, and shrinks it. In
 * this order: sharp cuts what was shrunk only after it has put padding around it.
 */
function coverPoint(image: Sharp, size: Size, source: Size, point: { x: number; y: number }): Sharp {
  const factor = Math.max(size.width / source.width, size.height / source.height)
  const width = side(size.width / factor, source.width)
  const height = side(size.height / factor, source.height)
  const left = start(point.x, width, source.width)
  const top = start(point.y, height, source.height)
  return image.extract({ left, top, width, height }).resize(size.width, size.height, { fit: 'fill' })
}

const side = (length: number, whole: number): number => Math.max(1, Math.min(whole, Math.round(length)))

const start = (point: number, part: number, whole: number): number =>
  Math.max(0, Math.min(whole - part, Math.round(point * whole - part / 2)))
