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
  UNSUPPORTED_TYPE: choose('Choose a file of another type.'),
  TOO_LARGE: choose('Choose a smaller file, or export this one at a lower size.'),
  EMPTY_FILE: choose('Choose another one.'),
  TYPE_MISMATCH: choose(
    'Its content is something else than its name says. Rename it to what it is, or choose another file.',
  ),
  UNRECOGNIZED_TYPE: choose('Choose a file that opens in the program that it is made for.'),
  CHECKSUM_MISMATCH: choose('The file changed on its way. Choose it again.'),
  CORRUPT_FILE: choose('Open and re-export the file, or choose another one.'),
  TRUNCATED_FILE: choose('The file is incomplete. Fetch it again from its source, then choose it.'),
  WARNING_REFUSED: choose('Such files are not taken here. Choose a whole and undamaged copy of it.'),
  TOO_MANY_PIXELS: choose('Choose an image of smaller dimensions.'),
  TOO_MANY_FRAMES: choose('Choose an animation with fewer frames.'),
  TOO_LONG: choose('Choose a shorter recording, or cut this one.'),
  TOO_MANY_STREAMS: choose('Export the file with one picture and one sound track, then choose that.'),
  TOO_MANY_PAGES: choose('Choose a document with fewer pages, or split this one.'),
  ENCRYPTED_DOCUMENT: choose('Save the document without its password, then choose that file.'),
  ENCRYPTED_VIDEO: choose('It only plays with a licence. Choose a file that is not protected against copying.'),
  NO_DIMENSIONS: choose('Give the drawing a width and a height, then choose it again.'),
  DECODER_UNAVAILABLE: choose('This installation has no program for such files. Choose another kind of file.'),
  FILE_UNREADABLE: choose('It was moved, changed or deleted after you chose it. Choose it again.'),
  TIMEOUT: choose(
    'It takes longer than this installation allows. Choose a shorter or simpler file, or ask the operator.',
  ),
  RESOURCE_LIMIT: choose(
    'It needs more than this installation allows. Choose a smaller or simpler file, or ask the operator.',
  ),
  QUARANTINED: choose('It is not processed here any more until the operator lets it. Ask, or choose another file.'),
  CONTENT_BLOCKED: choose('Just this file was taken down here. Choose another one, or ask the operator why.'),
  SOURCE_GONE: choose('The uploaded bytes are gone. Choose the file again.'),
  FORBIDDEN: { hint: 'Change to an API key that may do this.', redo: null, chooseAnother: false },
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
  CANCELLED: 'Somebody stopped the work on it. Retry takes it up again.',
  STORE_CAP_EXCEEDED: 'Storage does not take files right now, and the operator knows. Retry later.',
  STORE_CREDENTIALS: 'Storage does not take files right now, and the operator knows. Retry later.',
  IDEMPOTENCY_IN_FLIGHT: 'The same request is still being answered. Retry in a moment.',
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
