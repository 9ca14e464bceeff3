import { type Fault, type FaultCode, toFault } from '../fault.ts'
import type { PlannedVariant } from '../planned.ts'
import type { RenderContext } from './kind.ts'

/** Makes one variant (or several of one making); what goes wrong is announced as theirs, and the others go on. */
export async function tryVariants(
  { announce }: Pick<RenderContext, 'announce'>,
  variants: readonly PlannedVariant[],
  make: () => Promise<void>,
): Promise<boolean> {
  try {
    await make()
    return true
  } catch (error) {
    for (const { name } of variants) announce({ name, fault: variantFault(error) })
    return false
  }
}

/** What the system says of a file that cannot be written. */
const WRITE_ERRORS: readonly [RegExp, FaultCode][] = [
  [/ENOSPC|no space left/i, 'NO_SPACE'],
  [/EFBIG|file too large/i, 'OUTPUT_TOO_LARGE'],
]

/** Converts an error to a fault. The owner sees the code; the log has the message. */
function variantFault(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error)
  const code = WRITE_ERRORS.find(([pattern]) => pattern.test(message))?.[1] ?? 'INTERNAL'
  return toFault(error, { code, detail: 'The variant could not be made' })
}
