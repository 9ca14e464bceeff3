interface WarningEntry {
  /** Message for the owner of the file: short and constant. */
  message: string
  /** Which files get it, for the documentation. */
  when: string
  /** What an owner can do. */
  owner: string
}

/**
 * Lists all warnings: problems of a file that was processed anyway. Something is lost, was repaired or had to be assumed.
 * The message is constant; the detail of each warning says what was found in this file. `docs/warnings.md` is generated
 * from it.
 */
export const WARNINGS = {
  SOURCE_TRUNCATED: {
    message: 'The file is truncated. The part that exists was processed.',
    when: 'The file is shorter than its header, index or trailer says: a recording or an upload was cut off.',
    owner: 'Upload the complete file, if you have it.',
  },
  STREAM_DAMAGED: {
    message: 'Parts of the file are damaged. The readable parts were processed.',
    when: 'Some frames, packets or tiles could not be decoded. If most of them cannot be decoded, the file is refused.',
    owner: 'Check the variants, and upload an undamaged copy if you have one.',
  },
  SOURCE_REPAIRED: {
    message: 'The file violates the rules of its format. It was processed anyway.',
    when: 'Something was skipped or repaired to read the file, such as extra bytes at the start. Nothing is lost.',
    owner: 'Nothing to do. Other programs may refuse the file.',
  },
  TRACK_CHOSEN: {
    message: 'The file has several tracks. One of them was processed.',
    when: 'The file has several possible tracks and does not say which one is the default.',
    owner: 'If you need another track, upload a file with only that track.',
  },
  COLOR_ASSUMED: {
    message: 'The file does not specify its colour space. The usual one was assumed.',
    when: 'The file has no colour profile or colour tags, or they contradict each other.',
    owner: 'If the colours are wrong, export the file with an embedded colour profile.',
  },
  FONTS_MISSING: {
    message: 'Some text is missing, because its font is neither embedded in the file nor installed.',
    when: 'A document uses fonts that it does not embed.',
    owner: 'Export the document with its fonts embedded.',
  },
} as const satisfies Record<string, WarningEntry>

export type WarningCode = keyof typeof WARNINGS
export const WARNING_CODES = Object.keys(WARNINGS) as [WarningCode, ...WarningCode[]]
