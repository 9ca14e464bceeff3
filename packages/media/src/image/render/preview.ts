import sharp from 'sharp'
import type { PlannedVariant } from '../../plan.ts'
import { openOptions } from '../engine.ts'
import { faultOf } from '../fault-of.ts'
import type { ImageRenderContext } from './context.ts'
import { withoutProfile } from './profile.ts'
import { writeVariant } from './write-variant.ts'

/** Below this the full decode is so quick that a second one for the preview costs more than it gains (README, numbers). */
const MIN_PIXELS = 20_000_000
/** libjpeg can leave out up to 7 of 8 rows and columns while it decodes. */
const MIN_SHRINK = 8

/** Large baseline JPEGs: the smallest variant straight from the file, because libjpeg decodes it at an eighth of the size. */
export const previewStep = {
  name: 'preview',
  async run(context: ImageRenderContext): Promise<readonly string[]> {
    const smallest = context.variants[0]
    if (!smallest || !isWorthwhile(context, smallest)) return []
    const { file, facts, limits } = context
    try {
      const image = sharp(file, { ...openOptions(limits), ...(await withoutProfile(context)) }).autoOrient()
      await writeVariant(context, smallest, image, { ...facts })
    } catch (error) {
      throw await faultOf(error, file, facts.contentType)
    }
    return [smallest.name]
  },
} as const

function isWorthwhile({ facts, rasterSize }: ImageRenderContext, smallest: PlannedVariant): boolean {
  const shrink = Math.min(facts.width / smallest.width, facts.height / smallest.height)
  return (
    facts.contentType === 'image/jpeg' &&
    facts.details.isProgressive !== true &&
    facts.width * facts.height >= MIN_PIXELS &&
    shrink >= MIN_SHRINK &&
    rasterSize.width > smallest.width * 2
  )
}
