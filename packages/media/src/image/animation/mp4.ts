import { finishVariant, variantFile } from '../../pipeline/finish-variant.ts'
import { openImage } from '../input.ts'
import type { PlannedAnimation } from '../planned.ts'
import type { ImageRenderContext } from '../render/context.ts'
import { encodeFrames } from './encode-frames.ts'
import { openFrames } from './open-frames.ts'
import { timingOf } from './timing.ts'

const WHITE = '#ffffff'

/** Writes an animation as MP4. ffmpeg gets pixels, never the file: it reads no animated WebP, and this way it has nothing to parse. */
export async function writeMp4(context: ImageRenderContext, variant: PlannedAnimation): Promise<void> {
  const { input, limits, facts } = context
  const pixels = openFrames(context, variant).flatten({ background: WHITE }).toColourspace('srgb').raw()
  const { data, info } = await pixels.toBuffer({ resolveWithObject: true })
  const { delay } = await openImage(input, limits, { pages: -1 }).metadata()
  const { tickMs, ticks } = timingOf(delay ?? Array<number>(facts.frameCount).fill(0))
  const frameBytes = variant.width * variant.height * info.channels
  if (info.channels !== 3 || data.length !== frameBytes * ticks.length) {
    throw new Error(`${data.length} bytes are not ${ticks.length} frames`)
  }
  await encodeFrames(context, {
    width: variant.width,
    height: variant.height,
    frameRate: 1000 / tickMs,
    quality: variant.quality,
    output: variantFile(context, variant),
    *frames() {
      for (const [index, count] of ticks.entries()) {
        const frame = data.subarray(index * frameBytes, (index + 1) * frameBytes)
        for (let shown = 0; shown < count; shown++) yield frame
      }
    },
  })
  await finishVariant(context, variant)
}
