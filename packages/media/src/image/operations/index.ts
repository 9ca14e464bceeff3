import type { Sharp } from 'sharp'
import type { PlannedVariant } from '../../plan.ts'
import { encode } from './encode.ts'
import { fit } from './fit.ts'
import { flatten } from './flatten.ts'

/** One change to the pixels of a variant; returns the image as it is when there is nothing to do. */
export type Operation = (image: Sharp, variant: PlannedVariant, source: OperationSource) => Sharp

/** The picture that a variant is made from. */
export interface OperationSource {
  width: number
  height: number
  hasAlpha: boolean
}

/** What happens to the pixels of every variant, in this order. */
export const OPERATIONS: readonly Operation[] = [fit, flatten, encode]
