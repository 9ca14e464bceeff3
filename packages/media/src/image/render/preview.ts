import { faultOfSharp } from '../fault-of-sharp.ts'
import type { PlannedStillImage } from '../planned.ts'
import { writeRaster } from '../write-raster.ts'
import type { ImageRenderContext, ImageRenderResults } from './context.ts'
import { decodedSize, decodeOptionsOf, isMainDecode } from './decode-options.ts'
import { profileOf } from './profile.ts'

/** Below this the full decode is so quick that a second one for the preview costs more than it gains (README, numbers). */
const MIN_PIXELS = 20_000_000
/** libjpeg can leave out up to 7 of 8 rows and columns while it decodes. */
const MIN_SHRINK = 8

/** Large baseline JPEGs: the smallest variant straight from the file, because libjpeg decodes it at an eighth of the size. */
export const previewStep = {
  name: 'preview',
  async run(context: ImageRenderContext, { source }: Pick<ImageRenderResults, 'source'>): Promise<readonly string[]> {
    const smallest = context.images[0]
    if (!smallest || !isWorthwhile(context, smallest)) return []
    const { file, facts } = context
    try {
      const ignoreIcc = (await profileOf(source, facts)).use === 'never'
      await writeRaster(context, smallest, source.image({ ignoreIcc }), facts)
    } catch (error) {
      throw await faultOfSharp(error, file, facts.contentType)
    }
    return [smallest.name]
  },
} as const

function isWorthwhile(context: ImageRenderContext, smallest: PlannedStillImage): boolean {
  const { facts } = context
  const shrink = Math.min(facts.width / smallest.width, facts.height / smallest.height)
  return (
    facts.contentType === 'image/jpeg' &&
    facts.details.isProgressive !== true &&
    facts.width * facts.height >= MIN_PIXELS &&
    shrink >= MIN_SHRINK &&
    isMainDecode(decodeOptionsOf(smallest)) &&
    isPlain(smallest) &&
    decodedSize(context, decodeOptionsOf(smallest)).width > smallest.width * 2
  )
}

/**
 * Tells whether a variant can be made early. One that is encoded several times, needs more than the pixels, or a part
 * in full resolution, is made from the full decode.
 */
const isPlain = ({ maxBytes, keepCopyright, position }: PlannedStillImage): boolean =>
  maxBytes === undefined && !keepCopyright && typeof position !== 'object'
