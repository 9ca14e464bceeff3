import type { ErrorCodeOf } from '@darkroom/contracts'
import type { ClientErrorCode } from '@darkroom/sdk'
import type { Failure, Step } from './failure.ts'

export interface Advice {
  hint: string
  /**
   * What a retry re-does: `send` uploads what is missing, `confirm`, `process` and `remove` ask the API once more. Null: nothing
   * here can help, so no retry is offered.
   */
  redo: Step | null
  /** Offer to pick another file instead. */
  chooseAnother: boolean
}

const choose = (hint: string): Advice => ({ hint, redo: null, chooseAnother: true })
const redo = (what: Step, hint: string): Advice => ({ hint, redo: what, chooseAnother: false })

/** Codes that a file may fail with: each one has its advice. */
type FileCode = ErrorCodeOf<'upload' | 'content' | 'work'> | ClientErrorCode

/** What to do; or, where that is the failed step once more, just what to say; or null where it depends on whether it may help. */
type Entry = Advice | string | null

const FOR_FILES: Record<FileCode, Entry> = {
  UNSUPPORTED_TYPE: choose('Choose a file of another type.'),
  TOO_LARGE: choose('Choose a smaller file, or export this one at a lower size.'),
  EMPTY_FILE: choose('Choose another file.'),
  TYPE_MISMATCH: choose(
    'The content does not match the file name. Rename the file with the correct extension, or choose another one.',
  ),
  UNRECOGNIZED_TYPE: choose('Choose a file that opens in its usual program.'),
  CHECKSUM_MISMATCH: choose('The file changed during the upload. Choose it again.'),
  CORRUPT_FILE: choose('Open and re-export the file, or choose another one.'),
  TRUNCATED_FILE: choose('The file is incomplete. Get it again from its source, then choose it.'),
  WARNING_REFUSED: choose(
    'Files with this warning are not accepted here. Export the file again without the problem that the message names.',
  ),
  TOO_MANY_PIXELS: choose('Choose an image with smaller dimensions.'),
  TOO_MANY_FRAMES: choose('Choose an animation with fewer frames.'),
  TOO_LONG: choose('Choose a shorter recording, or cut this one.'),
  TOO_MANY_STREAMS: choose('Export the file with one video track and one audio track, then choose it again.'),
  TOO_MANY_PAGES: choose('Choose a document with fewer pages, or split this one.'),
  ENCRYPTED_DOCUMENT: choose('Save the document without its password, then choose that file.'),
  ENCRYPTED_VIDEO: choose('It is copy-protected (DRM). Choose a file without DRM.'),
  NO_DIMENSIONS: choose('Give the SVG a width and a height, then choose it again.'),
  DECODER_UNAVAILABLE: choose('This installation cannot process such files. Choose another kind of file.'),
  QUARANTINED: choose(
    'It is no longer processed until the operator releases it. Ask the operator, or choose another file.',
  ),
  CONTENT_BLOCKED: choose('This file was taken down. Choose another one, or ask the operator why.'),
  SOURCE_GONE: choose('The uploaded file no longer exists. Choose it again.'),
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
  CANCELLED: 'Processing was cancelled. Retry starts it again.',
  STORE_UNAVAILABLE: null,
  STORE_CAP_EXCEEDED: 'Storage does not accept files right now. The operator was notified. Retry later.',
  STORE_CREDENTIALS: 'Storage does not accept files right now. The operator was notified. Retry later.',
  STORE_NOT_FOUND: null,
  QUOTA_EXCEEDED: 'Delete something you no longer need, then retry.',
  EXTERNAL_ID_TAKEN: null,
  UPLOAD_INCOMPLETE: redo('send', 'The file did not arrive completely. Retry sends it again.'),
  INVALID_PARTS: null,
  SIZE_MISMATCH: redo('send', 'The file that arrived was not correct, and was removed. Retry sends it again.'),
  UPLOAD_EXPIRED: redo('send', 'The upload has expired. Retry starts a new one.'),
  UPLOAD_CONFIRMED: null,
  ASSET_DELETED: redo('send', 'It was deleted in the meantime. Retry uploads it again.'),
  NETWORK: 'Check your connection, then retry.',
  FILE_UNREADABLE: choose('It was moved, changed or deleted after you chose it. Choose it again.'),
  FILE_CHANGED: choose('The file changed during the upload. Choose it again.'),
  INVALID_ANSWER: 'Something between you and Darkroom changed the answer. Check your connection, then retry.',
  STORE_REFUSED: redo('send', 'Retry sends the file again.'),
}

/** Of all that any request may be refused with, what there is more to say of. */
const FOR_REQUESTS: Partial<Record<ErrorCodeOf<'request'>, Entry>> = {
  FORBIDDEN: { hint: 'Use an API key with this permission.', redo: null, chooseAnother: false },
  UNAVAILABLE: 'The service is busy or being restarted. Retry in a moment.',
  RATE_LIMITED: 'Too many requests at once. Wait a moment, then retry.',
  UNAUTHORIZED: 'Enter a valid API key, then retry.',
  IDEMPOTENCY_IN_FLIGHT: 'The same request is still in progress. Retry in a moment.',
}

const BY_CODE = new Map<string, Entry>(Object.entries({ ...FOR_FILES, ...FOR_REQUESTS }))

/** Returns the advice for the owner of a file, and what a retry would do. */
export function advise({ code, step, retryable }: Failure): Advice {
  const entry = BY_CODE.get(code) ?? null
  if (typeof entry === 'string') return redo(step, entry)
  if (entry) return entry
  if (retryable) return redo(step, 'Something went wrong on our side. Retry in a moment.')
  return choose('Retrying will not help. Choose another file, or remove this one.')
}
