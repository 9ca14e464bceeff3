import type { Placeholder } from '@darkroom/contracts'
import type { ImageFacts } from '../../facts.ts'
import { MediaFault } from '../../fault.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import { runSteps, type Step } from '../../pipeline/steps.ts'
import type { ImageInput } from '../input.ts'
import { patchRefused, wholeInput } from '../patch/index.ts'
import type { Patched } from '../patch/patched.ts'
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

/** Renders images out of one decode, the smallest first. */
export async function renderImage(
  context: RenderContext<ImageFacts, ImageVariant>,
): Promise<{ placeholder: Placeholder }> {
  const { file, facts, limits, warn } = context
  const source = { file, type: facts.contentType, limits }
  const { input, warning } = await wholeInput(source)
  let isAnnounced = false
  const announce: RenderContext['announce'] = message => {
    isAnnounced = true
    context.announce(message)
  }
  try {
    const rendered = await renderInput({ ...context, announce }, input)
    if (warning) warn(warning)
    return rendered
  } catch (error) {
    const patched = isAnnounced || input !== file ? null : await patchRefused(source, error)
    if (!patched) throw error
    return await renderPatched(context, patched, error)
  }
}

/** Renders an image and patches irregularities beside the pixels. The decoder reports errors of the pixels again. */
async function renderPatched(
  context: RenderContext<ImageFacts, ImageVariant>,
  { input, warning }: Patched,
  refusal: unknown,
): Promise<{ placeholder: Placeholder }> {
  try {
    const rendered = await renderInput(context, input)
    context.warn(warning)
    return rendered
  } catch (error) {
    throw error instanceof MediaFault && error.code === 'CORRUPT_FILE' ? refusal : error
  }
}

async function renderInput(
  context: RenderContext<ImageFacts, ImageVariant>,
  input: ImageInput,
): Promise<{ placeholder: Placeholder }> {
  const images = context.variants.filter(variant => variant.type === 'picture')
  const { placeholder } = await runSteps(IMAGE_RENDER_STEPS, { ...context, images, input }, context.timings)
  return { placeholder }
}
