import type { WrittenType } from '@darkroom/contracts'
import { MediaFault } from '../fault.ts'
import type { RenderContext } from '../pipeline/kind.ts'
import type { PlannedVariant } from '../planned.ts'
import { IMAGE_CHECKS } from './image.ts'
import { TEXT_CHECKS } from './text.ts'
import { VIDEO_CHECKS } from './video.ts'

/** A written file, and its bytes where they are still at hand. */
export interface Output {
  file: string
  data?: Buffer | undefined
}

export type CheckContext = Pick<RenderContext, 'tools' | 'limits' | 'file' | 'outDir'>

/** Names what a file carries that must not get out. The names get into errors and logs, so they never quote the file. */
export type Check = (variant: PlannedVariant, output: Output, context: CheckContext) => Promise<string[]>

/** What reads each content type that is written. */
export const OUTPUT_CHECKS: Record<WrittenType, Check> = { ...IMAGE_CHECKS, ...VIDEO_CHECKS, ...TEXT_CHECKS }

/**
 * Reads a file that is about to be published; images in less than a millisecond where their bytes are at hand. What is not known to be harmless is refused.
 * @throws MediaFault PRIVATE_METADATA when it carries a position, a device or anything else of the source's metadata
 */
export async function checkOutput(context: CheckContext, variant: PlannedVariant, output: Output): Promise<void> {
  const check: Check | undefined = OUTPUT_CHECKS[variant.contentType]
  if (!check) throw heldBack(variant.name, `nothing can check ${variant.contentType}`)
  const found = await check(variant, output, context)
  if (found.length === 0) return
  throw heldBack(variant.name, `It contains ${[...new Set(found)].slice(0, 8).join(', ')}`)
}

const heldBack = (name: string, cause: string): MediaFault =>
  new MediaFault('PRIVATE_METADATA', `${name} was not published: it still contained private metadata of the original`, {
    cause,
  })
