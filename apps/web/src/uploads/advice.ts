import type { ErrorCodeOf } from '@darkroom/contracts'
import type { Failure, PageCode, Step } from './failure.ts'

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

/** Codes that a file may fail with: each one has its advice. */
type FileCode = ErrorCodeOf<'upload' | 'content' | 'work'> | PageCode

/** What to do; or, where that is the failed step once more, just what to say; or null where it depends on whether it may help. */
type Entry = Advice | string | null

const FOR_FILES: Record<FileCode, Entry> = {
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
  QUARANTINED: choose('It is not processed here any more until the operator lets it. Ask, or choose another file.'),
  CONTENT_BLOCKED: choose('Just this file was taken down here. Choose another one, or ask the operator why.'),
  SOURCE_GONE: choose('The uploaded bytes are gone. Choose the file again.'),
  TIMEOUT: choose(
    'It takes longer than this installation allows. Choose a shorter or simpler file, or ask the operator.',
  ),
  RESOURCE_LIMIT: choose(
    'It needs more than this installation allows. Choose a smaller or simpler file, or ask the operator.',
  ),
  OUTPUT_TOO_LARGE: null,
  PRIVATE_METADATA: null,
  WORKER_CRASHED: null,
  LEASE_LOST: null,
  NO_SPACE: null,
  CANCELLED: 'Somebody stopped the work on it. Retry takes it up again.',
  STORE_UNAVAILABLE: null,
  STORE_CAP_EXCEEDED: 'Storage does not take files right now, and the operator knows. Retry later.',
  STORE_CREDENTIALS: 'Storage does not take files right now, and the operator knows. Retry later.',
  STORE_NOT_FOUND: null,
  QUOTA_EXCEEDED: 'Delete something you no longer need, then retry.',
  EXTERNAL_ID_TAKEN: null,
  UPLOAD_INCOMPLETE: redo('send', 'Not all bytes arrived. Retry sends them again.'),
  INVALID_PARTS: null,
  SIZE_MISMATCH: redo('send', 'The bytes that arrived were not right and were removed. Retry sends them again.'),
  UPLOAD_EXPIRED: redo('restart', 'Too much time went by. Retry starts a new upload.'),
  UPLOAD_CONFIRMED: null,
  ASSET_DELETED: redo('restart', 'It was deleted meanwhile. Retry uploads it anew.'),
  NETWORK: 'Check your connection, then retry.',
  FILE_UNREADABLE: choose('It was moved, changed or deleted after you chose it. Choose it again.'),
  UPLOAD_URL_REFUSED: redo('send', 'Retry asks for a new link and sends the file again.'),
  STORE_REFUSED: redo('send', 'Retry sends the file again.'),
}

/** Of all that any request may be refused with, what there is more to say of. */
const FOR_REQUESTS: Partial<Record<ErrorCodeOf<'request'>, Entry>> = {
  FORBIDDEN: { hint: 'Change to an API key that may do this.', redo: null, chooseAnother: false },
  UNAVAILABLE: 'The service is busy or being restarted. Retry in a moment.',
  RATE_LIMITED: 'Too many requests at once. Wait a moment, then retry.',
  UNAUTHORIZED: 'Enter a valid API key, then retry.',
  IDEMPOTENCY_IN_FLIGHT: 'The same request is still being answered. Retry in a moment.',
}

const BY_CODE = new Map<string, Entry>(Object.entries({ ...FOR_FILES, ...FOR_REQUESTS }))

/** What to tell the owner of a file, and what a retry would do. */
export function advise({ code, step, retryable }: Failure): Advice {
  const entry = BY_CODE.get(code) ?? null
  if (typeof entry === 'string') return redo(step, entry)
  if (entry) return entry
  if (retryable) return redo(step, 'Something went wrong on our side. Retry in a moment.')
  return choose('Retrying will not help. Choose another file, or remove this one.')
}
