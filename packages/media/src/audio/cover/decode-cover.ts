import sharp from 'sharp'
import type { AudioFacts } from '../../facts.ts'
import { MediaFault } from '../../fault.ts'
import { openOptions } from '../../image/engine.ts'
import { rasterSize } from '../../image/plan.ts'
import { type Raster, toRaster } from '../../image/raster.ts'
import type { RenderContext } from '../../pipeline/kind.ts'
import type { PlannedCover } from '../planned.ts'
import { readCover } from './read-cover.ts'

/**
 * Decodes the pixels of the embedded image: upright, sRGB, as large as these variants need.
 * @throws MediaFault CORRUPT_FILE
 */
export async function decodeCover(
  context: RenderContext<AudioFacts>,
  cover: NonNullable<AudioFacts['cover']>,
  variants: readonly PlannedCover[],
): Promise<Raster> {
  const { file, facts, limits } = context
  const bytes = await readCover(context, { file, type: facts.contentType, stream: cover.stream })
  const { width, height } = rasterSize(cover, variants)
  try {
    const image = sharp(bytes ?? Buffer.alloc(0), openOptions(limits)).autoOrient()
    return await toRaster(image.resize(width, height, { fit: 'fill' }))
  } catch (error) {
    throw new MediaFault('CORRUPT_FILE', 'The embedded cover image cannot be decoded', { cause: error })
  }
}
