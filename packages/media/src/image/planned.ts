import type { AnimationSpec, StillImageSpec } from '@darkroom/contracts'
import type { PlannedFile } from '../planned.ts'

/** Fields that decide how the pixels of an image are cut and written. */
export type ImageFields = Pick<
  StillImageSpec,
  | 'fit'
  | 'position'
  | 'background'
  | 'padding'
  | 'watermark'
  | 'format'
  | 'quality'
  | 'effort'
  | 'maxBytes'
  | 'colors'
  | 'keepCopyright'
>

export interface PlannedRaster extends PlannedFile, ImageFields {
  width: number
  height: number
}

export interface PlannedStillImage extends PlannedRaster {
  type: 'picture'
  /** Inside the upright source, in its pixels. */
  crop?: Crop
}

export type Crop = NonNullable<StillImageSpec['crop']>

export interface PlannedAnimation extends PlannedFile {
  type: 'animation'
  width: number
  height: number
  format: AnimationSpec['format']
  quality: number
}
