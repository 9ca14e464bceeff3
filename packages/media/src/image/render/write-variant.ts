import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Sharp } from 'sharp'
import type { PlannedVariant } from '../../plan.ts'
import { variantFileName } from '../../sandbox/protocol.ts'
import { OPERATIONS, type OperationSource } from '../operations/index.ts'
import type { ImageRenderContext } from './context.ts'

/** Makes one variant, writes its file and announces it. */
export async function writeVariant(
  context: ImageRenderContext,
  variant: PlannedVariant,
  image: Sharp,
  source: OperationSource,
): Promise<void> {
  const pipeline = OPERATIONS.reduce((current, operation) => operation(current, variant, source), image)
  const { data, info } = await pipeline.toBuffer({ resolveWithObject: true })
  await writeFile(path.join(context.outDir, variantFileName(variant)), data)
  const sha256 = createHash('sha256').update(data).digest('hex')
  context.announce({ name: variant.name, byteSize: data.length, width: info.width, height: info.height, sha256 })
}
