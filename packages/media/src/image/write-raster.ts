import { writeFileSync } from 'node:fs'
import type { Sharp } from 'sharp'
import { type FinishContext, finishVariant, variantFile } from '../pipeline/finish-variant.ts'
import type { PlannedVariant } from '../planned.ts'
import { encode } from './encode.ts'
import { OPERATIONS, type OperationSource } from './operations/index.ts'
import type { PlannedRaster } from './planned.ts'

export type RasterVariant = Extract<PlannedVariant, PlannedRaster>

/**
 * Makes one image out of the pixels of `image` (upright, of the size that `source` says), writes its file and announces it.
 * @throws MediaFault OUTPUT_TOO_LARGE, PRIVATE_METADATA; Error when the pixels cannot be decoded or encoded
 */
export async function writeRaster(
  context: FinishContext,
  variant: RasterVariant,
  image: Sharp,
  source: OperationSource,
): Promise<void> {
  let current = image
  for (const operation of OPERATIONS) current = await operation(current, variant, source)
  const { data, info } = await encode(current, variant)
  // Nobody else waits for this process, and a thread costs more than it saves.
  writeFileSync(variantFile(context, variant), data)
  await finishVariant(context, variant, info, data)
}
