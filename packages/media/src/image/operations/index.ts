import type { Sharp } from 'sharp'
import type { PlannedRaster } from '../planned.ts'
import { fit } from './fit.ts'
import { flatten } from './flatten.ts'
import { pad } from './pad.ts'
import { rights } from './rights.ts'
import { watermark } from './watermark.ts'

/** One change to the pixels of a variant; returns the image as it is when there is nothing to do. */
export type Operation = (image: Sharp, variant: PlannedRaster, source: OperationSource) => Sharp | Promise<Sharp>

/** The image that a variant is made from. */
export interface OperationSource {
  width: number
  height: number
  hasAlpha: boolean
  rights?: Rights
}

/** Whose it is, as its EXIF says. */
export interface Rights {
  artist?: string
  copyright?: string
}

/** What happens to the pixels of every variant before they are encoded, in this order. */
export const OPERATIONS: readonly Operation[] = [fit, flatten, pad, watermark, rights]
