import type { Failure, Step } from './failure.ts'

/**
 * What a retry re-does: `send` signs again and PUTs, `restart` begins a new upload, `confirm`, `process` and `remove`
 * ask the API once more. Null: nothing here can help, so no retry is offered.
 */
export type Redo = Step | 'restart'

export interface Advice {
  hint: string
  redo: Redo | null
  /** Offer to pick another file instead. */
  chooseAnother: boolean
}

const choose = (hint: string): Advice => ({ hint, redo: null, chooseAnother: true })
const redo = (what: Redo, hint: string): Advice => ({ hint, redo: what, chooseAnother: false })

const BY_CODE: Record<string, Advice> = {
  UNSUPPORTED_TYPE: choose('Choose a file of a type that is listed above.'),
  TOO_LARGE: choose('Choose a smaller file, or export this one at a lower size.'),
  EMPTY_FILE: choose('The file has no content. Choose another one.'),
  TYPE_MISMATCH: choose(
    'Its content is something else than its name says. Rename it to what it is, or choose another file.',
  ),
  UNRECOGNIZED_TYPE: choose('Choose a file that opens in the program that it is made for.'),
  CHECKSUM_MISMATCH: choose('The file changed on its way. Choose it again.'),
  CORRUPT_FILE: choose('Open and re-export the file, or choose another one.'),
  TRUNCATED_FILE: choose('The file is incomplete. Fetch it again from its source, then choose it.'),
  TOO_MANY_PIXELS: choose('Choose an image of smaller dimensions.'),
  TOO_MANY_FRAMES: choose('Choose an animation with fewer frames.'),
  TOO_LONG: choose('Choose a shorter recording, or cut this one.'),
  TOO_MANY_STREAMS: choose('Export the file with one picture and one sound track, then choose that.'),
  TOO_MANY_PAGES: choose('Choose a document with fewer pages, or split this one.'),
  ENCRYPTED_DOCUMENT: choose('Save the document without its password, then choose that file.'),
  NO_DIMENSIONS: choose('Give the drawing a width and a height, then choose it again.'),
  DECODER_UNAVAILABLE: choose('This installation has no program for such files. Choose another kind of file.'),
  SOURCE_GONE: choose('The uploaded bytes are gone. Choose the file again.'),
  UPLOAD_INCOMPLETE: redo('send', 'Not all bytes arrived. Retry sends them again.'),
  SIZE_MISMATCH: redo('send', 'The bytes that arrived were not right and were removed. Retry sends them again.'),
  UPLOAD_URL_REFUSED: redo('send', 'Retry asks for a new link and sends the file again.'),
  STORE_REFUSED: redo('send', 'Retry sends the file again.'),
  UPLOAD_EXPIRED: redo('restart', 'Too much time went by. Retry starts a new upload.'),
  ASSET_DELETED: redo('restart', 'It was deleted meanwhile. Retry uploads it anew.'),
}

const BY_CODE_SAME_STEP: Record<string, string> = {
  NETWORK: 'Check your connection, then retry.',
  UNAVAILABLE: 'The service is busy or being restarted. Retry in a moment.',
  RATE_LIMITED: 'Too many requests at once. Wait a moment, then retry.',
  UNAUTHORIZED: 'Enter a valid API key, then retry.',
  FORBIDDEN: 'Use an API key that may do this, then retry.',
  UPLOADS_PAUSED: 'The operator paused uploads. Retry when they are open again.',
  QUOTA_EXCEEDED: 'Delete something you no longer need, then retry.',
}

/** What to tell the owner of a file, and what a retry would do. */
export function advise({ code, step, retryable }: Failure): Advice {
  const known = BY_CODE[code]
  if (known) return known
  const hint = BY_CODE_SAME_STEP[code]
  if (hint) return redo(step, hint)
  if (retryable) return redo(step, 'Something went wrong on our side. Retry in a moment.')
  return choose('Retrying will not help. Choose another file, or remove this one.')
}
