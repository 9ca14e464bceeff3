import type { Step } from '../../pipeline/steps.ts'
import type { ImageRenderContext, ImageRenderResults } from './context.ts'
import { decodeStep } from './decode.ts'
import { placeholderStep } from './placeholder.ts'
import { previewStep } from './preview.ts'
import { variantsStep } from './variants.ts'

export const IMAGE_RENDER_STEPS: readonly Step<ImageRenderContext, ImageRenderResults>[] = [
  previewStep,
  decodeStep,
  variantsStep,
  placeholderStep,
]
