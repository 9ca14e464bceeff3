import { z } from 'zod'
import { WARNING_CODES } from './warnings.ts'

// Apart from assets and presets: the command line reads projects without loading either.

/** A code of the table of warnings, or one that a newer version knows. */
export const KnownWarningCode = z
  .union([z.enum(WARNING_CODES), z.string()])
  .meta({ id: 'WarningCode', description: 'A code of the warning reference. Newer versions may know more of them.' })

/** Warnings that are errors; in presets and in projects alike. */
export const FailOn = z
  .array(z.enum(WARNING_CODES))
  .max(WARNING_CODES.length)
  .meta({
    description:
      'Warnings that are treated as errors: a file with one of them fails with `WARNING_REFUSED`, and nothing of it is published. The lists of preset and project are combined.',
    examples: [['SOURCE_TRUNCATED']],
  })
