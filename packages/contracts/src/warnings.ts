interface WarningEntry {
  /** What the owner of the file is told: short and constant. */
  message: string
  /** Which files get it, for the documentation. */
  when: string
  /** What an owner can do. */
  owner: string
}

/**
 * What an owner should know of a file that was processed all the same: what is lost, what was repaired, what had to be
 * assumed. The message says it in general; the detail of each warning says what was found in this file. The only list of
 * warnings: `docs/warnings.md` is generated from it.
 */
export const WARNINGS = {
  SOURCE_TRUNCATED: {
    message: 'The file ends early. What it still holds was processed.',
    when: 'The file is shorter than its own header, index or trailer says: a recording or an upload was cut off.',
    owner: 'Upload the whole file, if there is one.',
  },
  STREAM_DAMAGED: {
    message: 'Parts of the file are damaged. What could be read was processed.',
    when: 'Some frames, packets or tiles could not be decoded. Where most of them cannot, the file is refused.',
    owner: 'Look at what was made of it, and upload an undamaged copy.',
  },
  SOURCE_REPAIRED: {
    message: 'The file breaks the rules of its format. It was read all the same.',
    when: 'Something was passed over or repaired to read it, such as bytes before the beginning; nothing is lost by that.',
    owner: 'Nothing to do here; other programs may refuse the file.',
  },
  TRACK_CHOSEN: {
    message: 'The file has several tracks. One of them was processed.',
    when: 'Several tracks could be meant and the file does not say which.',
    owner: 'If another one is meant, upload a file with that one alone.',
  },
  COLOR_ASSUMED: {
    message: 'The file does not say how its colours are to be read. The usual was assumed.',
    when: 'No profile and no tags of colour are in it, or such as contradict each other.',
    owner: 'If the colours are wrong, export the file with its profile.',
  },
  FONTS_MISSING: {
    message: 'Letters are missing, because their font is neither in the file nor installed.',
    when: 'A document names fonts that it does not embed.',
    owner: 'Export the document with its fonts embedded.',
  },
} as const satisfies Record<string, WarningEntry>

export type WarningCode = keyof typeof WARNINGS
export const WARNING_CODES = Object.keys(WARNINGS) as [WarningCode, ...WarningCode[]]
