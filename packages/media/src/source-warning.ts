import { WARNING_CODES } from '@darkroom/contracts/warnings'
import { z } from 'zod'

/** What an owner should know of a file that is processed all the same. */
export const SourceWarning = z.object({
  code: z.enum(WARNING_CODES),
  /** What was found in this file, with numbers, for the owner: words of our own, no path and nothing that a library said. */
  detail: z
    .string()
    .max(500)
    .regex(/^\P{Cc}*$/u),
})
export type SourceWarning = z.output<typeof SourceWarning>

/** Says it of the file that is being probed or rendered. Whoever listens keeps one warning of a code, the first. */
export type Warn = (warning: SourceWarning) => void
