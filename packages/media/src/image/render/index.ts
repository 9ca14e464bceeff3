import type { Placeholder } from '@darkroom/contracts'
import type { ImageFacts } from '../../facts.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import { runSteps, type Step } from '../../pipeline/steps.ts'
import type { ImageRenderContext, ImageRenderResults, ImageVariant } from './context.ts'
import { decodeStep } from './decode.ts'
import { placeholderStep } from './placeholder.ts'
import { previewStep } from './preview.ts'
import { sourceStep } from './source.ts'
import { variantsStep } from './variants.ts'

const IMAGE_RENDER_STEPS: readonly Step<ImageRenderContext, ImageRenderResults>[] = [
  sourceStep,
  previewStep,
  decodeStep,
  variantsStep,
  placeholderStep,
]

/** Pictures out of one decode, the smallest first. */
export async function renderImage(
  context: RenderContext<ImageFacts, ImageVariant>,
): Promise<{ placeholder: Placeholder }> {
  const pictures = context.variants.filter(variant => variant.type === 'picture')
  const { placeholder } = await runSteps(IMAGE_RENDER_STEPS, { ...context, pictures }, context.timings)
  return { placeholder }
}
