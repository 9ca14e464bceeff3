/**
 * What an owner should know of a file that was processed all the same: what is lost, what was mended, what had to be
 * assumed. The message says it in general; the detail of each warning says what was found in this file.
 */
export const WARNINGS = {
  SOURCE_TRUNCATED: { message: 'The file ends early. What it still holds was processed.' },
  STREAM_DAMAGED: { message: 'Parts of the file are damaged. What could be read was processed.' },
  SOURCE_REPAIRED: { message: 'The file breaks the rules of its format. It was read all the same.' },
  TRACK_CHOSEN: { message: 'The file has several tracks. One of them was processed.' },
  COLOR_ASSUMED: { message: 'The file does not say how its colours are to be read. The usual was assumed.' },
  FONTS_MISSING: { message: 'Letters are missing, because their font is neither in the file nor installed.' },
} as const satisfies Record<string, { message: string }>

export type WarningCode = keyof typeof WARNINGS
export const WARNING_CODES = Object.keys(WARNINGS) as [WarningCode, ...WarningCode[]]
