import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { overLimit } from '../fault.ts'
import type { PlannedVariant } from '../planned.ts'
import { checkOutput } from '../privacy/check-output.ts'
import { variantFileName } from '../sandbox/protocol.ts'
import type { RenderContext } from './kind.ts'

/** Returns where the file of a variant is written. */
export const variantFile = ({ outDir }: Pick<RenderContext, 'outDir'>, variant: PlannedVariant): string =>
  path.join(outDir, variantFileName(variant))

export type FinishContext = Pick<RenderContext, 'file' | 'outDir' | 'limits' | 'tools' | 'announce'>

/**
 * Reads a written file again, refuses it when it carries what must not get out, and announces it. Whoever still has its
 * bytes passes them as `data`, which saves reading them once more.
 * @throws MediaFault PRIVATE_METADATA, OUTPUT_TOO_LARGE
 */
export async function finishVariant(
  context: FinishContext,
  variant: PlannedVariant,
  size: { width: number | null; height: number | null } = variant,
  data?: Buffer,
): Promise<void> {
  const file = variantFile(context, variant)
  const byteSize = data?.length ?? (await stat(file)).size
  if (byteSize > context.limits.maxOutputBytes) {
    const most = context.limits.maxOutputBytes
    throw overLimit(
      'maxOutputBytes',
      'OUTPUT_TOO_LARGE',
      `${variant.name} has ${byteSize} bytes; at most ${most} are allowed`,
    )
  }
  await checkOutput(context, variant, { file, data })
  const sha256 = data ? hash('sha256', data) : await hashOf(file)
  context.announce({ name: variant.name, byteSize, width: size.width, height: size.height, sha256 })
}

async function hashOf(file: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(file), digest)
  return digest.digest('hex')
}
