import type { Placeholder } from '@darkroom/contracts'
import type { ImageFacts } from '../../facts.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import type { ImageSource } from '../decoders/decoder.ts'
import type { ImageInput } from '../input.ts'
import type { PlannedAnimation, PlannedStillImage } from '../planned.ts'
import type { Raster } from '../raster.ts'

export type ImageVariant = PlannedStillImage | PlannedAnimation

export interface ImageRenderContext extends RenderContext<ImageFacts, ImageVariant> {
  input: ImageInput
  /** Those of the variants that stand still, in the same order. */
  images: readonly PlannedStillImage[]
}

export interface ImageRenderResults {
  source: ImageSource
  /** Names of the variants that were made before the full decode. */
  preview: readonly string[]
  /** The whole image in sRGB, as large as any variant that is made of it needs. */
  raster: Raster
  /** Names of all variants that stand. */
  made: readonly string[]
  placeholder: Placeholder
}
