import type { Placeholder } from '@darkroom/contracts'
import { MediaFault } from '../../fault.ts'
import { placeholderOf } from '../../image/placeholder.ts'
import { rasterSize } from '../../image/plan.ts'
import { fromRaster, type Raster } from '../../image/raster.ts'
import { writeRaster } from '../../image/write-raster.ts'
import { tryVariants } from '../../pipeline/try-variant.ts'
import type { PlannedPoster } from '../planned.ts'
import { bestFrame } from './best-frame.ts'
import { readFrame } from './read-frame.ts'
import type { VideoRender } from './video-render.ts'

/**
 * Makes the posters, those of one moment out of one decoded frame, and what to show until they are there.
 * @throws MediaFault CORRUPT_FILE when no frame of the video can be decoded
 */
export async function makePosters(context: VideoRender, posters: readonly PlannedPoster[]): Promise<Placeholder> {
  const automatic = posters.filter(({ at }) => at === 'auto')
  const best = await bestFrame(context, rasterSize(context.facts, automatic))
  if (!best) throw new MediaFault('CORRUPT_FILE', 'No frame of the video can be decoded')
  await writePosters(context, automatic, async () => best)
  const moments = Map.groupBy(posters, ({ at }) => at)
  for (const [at, same] of moments) {
    if (at !== 'auto') await writePosters(context, same, () => frameAt(context, at, same))
  }
  return placeholderOf(best)
}

async function writePosters(
  context: VideoRender,
  posters: readonly PlannedPoster[],
  decode: () => Promise<Raster>,
): Promise<void> {
  let raster: Raster | undefined
  for (const poster of posters) {
    await tryVariants(context, [poster], async () => {
      raster ??= await decode()
      await writeRaster(context, poster, fromRaster(raster), { ...raster, hasAlpha: raster.channels === 4 })
    })
  }
}

/** Reads the frame at a moment; the last frame when the moment is past the end. */
async function frameAt(context: VideoRender, atSec: number, posters: readonly PlannedPoster[]): Promise<Raster> {
  const size = rasterSize(context.facts, posters)
  const endSec = context.facts.shownMs / 1000
  for (const trySec of [
    Math.min(atSec, endSec),
    ...BACK_SEC.map(back => Math.min(atSec, Math.max(0, endSec - back))),
    0,
  ]) {
    const raster = await readFrame(context, { atSec: trySec, size, outOf: 1 })
    if (raster) return raster
  }
  throw new MediaFault('CORRUPT_FILE', `There is no frame at ${atSec} s`)
}

const BACK_SEC = [0.1, 1, 10]
