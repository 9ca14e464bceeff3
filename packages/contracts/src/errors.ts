import { AppError } from '@darkroom/core'

interface ErrorEntry {
  /** HTTP status when the API answers with it; content faults keep one for the documentation only. */
  status: number
  /** Short and constant: the problem's `title`. */
  title: string
  /** Whether trying the same thing again can help. */
  retryable: boolean
  /** What the owner of the file is told. */
  owner: string
  /** What an admin can do. */
  admin: string
}

/** The only list of error codes. `docs/errors.md` is generated from it. */
export const ERRORS = {
  // Requests
  INVALID_REQUEST: {
    status: 400,
    title: 'Invalid request',
    retryable: false,
    owner: 'The request is not what the API expects; see `errors` for each field.',
    admin: 'Fix the caller; `/docs` has the schema.',
  },
  UNAUTHORIZED: {
    status: 401,
    title: 'Unauthorized',
    retryable: false,
    owner: 'Send a valid key as `Authorization: Bearer <key>`.',
    admin: 'Check that the key exists and is not revoked: `darkroom keys list`.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'Forbidden',
    retryable: false,
    owner: 'This key may not do that.',
    admin: 'Create a key with the scope that the detail names.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'Not found',
    retryable: false,
    owner: 'There is nothing with this id in your project.',
    admin: 'Check the id and the project of the key.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'Request body too large',
    retryable: false,
    owner: 'The JSON body is larger than the API takes. Files go to the presigned URL, not through the API.',
    admin: 'Fix the caller.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'Unsupported media type',
    retryable: false,
    owner: 'Send the body as `application/json`.',
    admin: 'Fix the caller.',
  },
  UNAVAILABLE: {
    status: 503,
    title: 'Temporarily unavailable',
    retryable: true,
    owner: 'Try again after `Retry-After` seconds; nothing was lost.',
    admin: 'See `/readyz` for the part that is down.',
  },
  INTERNAL: {
    status: 500,
    title: 'Internal error',
    retryable: true,
    owner: 'Something went wrong on our side; try again.',
    admin: 'A bug: search the logs for the request or job id and report it.',
  },

  // Uploads
  UNSUPPORTED_TYPE: {
    status: 415,
    title: 'Unsupported file type',
    retryable: false,
    owner: 'This installation does not take files of this type; `/v1/status` lists those it takes.',
    admin: 'Install the decoder or allow the type.',
  },
  TOO_LARGE: {
    status: 413,
    title: 'File too large',
    retryable: false,
    owner: 'The file is larger than the limit that the detail names.',
    admin: 'Raise `MAX_UPLOAD_BYTES`.',
  },
  EMPTY_FILE: {
    status: 422,
    title: 'Empty file',
    retryable: false,
    owner: 'The file has no bytes.',
    admin: 'Nothing to do.',
  },
  EXTERNAL_ID_TAKEN: {
    status: 409,
    title: 'External id taken',
    retryable: false,
    owner: 'Another asset of this project has this `externalId`.',
    admin: 'Use the existing asset, or delete it first.',
  },
  UPLOAD_INCOMPLETE: {
    status: 409,
    title: 'Upload incomplete',
    retryable: true,
    owner: 'The bytes are not there yet: PUT them to the upload URL, then confirm again.',
    admin: 'Nothing to do; the upload expires by itself.',
  },
  SIZE_MISMATCH: {
    status: 422,
    title: 'Size mismatch',
    retryable: true,
    owner: 'The stored bytes are not of the declared size and were removed: renew the URL, PUT again, confirm again.',
    admin: 'Nothing to do.',
  },
  UPLOAD_EXPIRED: {
    status: 410,
    title: 'Upload expired',
    retryable: false,
    owner: 'The upload was not confirmed in time. Start a new one.',
    admin: 'Raise `UPLOAD_EXPIRES_HOURS` when clients need longer.',
  },
  UPLOAD_CONFIRMED: {
    status: 409,
    title: 'Upload already confirmed',
    retryable: false,
    owner: 'The bytes of this upload were accepted; there is nothing to renew. Follow the asset.',
    admin: 'Nothing to do.',
  },
  ASSET_DELETED: {
    status: 410,
    title: 'Asset deleted',
    retryable: false,
    owner: 'The asset was deleted.',
    admin: 'Nothing to do.',
  },
  ASSET_NOT_READY: {
    status: 409,
    title: 'Not ready',
    retryable: true,
    owner: 'The file that was asked for does not exist yet; follow the asset and ask again.',
    admin: 'Look at the job of the asset.',
  },
  ASSET_NOT_SETTLED: {
    status: 409,
    title: 'Still processing',
    retryable: true,
    owner: 'The asset is still being worked on; wait until it is settled.',
    admin: 'Look at the job of the asset.',
  },

  // Content
  TYPE_MISMATCH: {
    status: 422,
    title: 'Type mismatch',
    retryable: false,
    owner: 'The content is not of the declared type.',
    admin: 'Nothing to do; the owner uploads again with the right type.',
  },
  UNRECOGNIZED_TYPE: {
    status: 422,
    title: 'Unrecognized type',
    retryable: false,
    owner: 'The content is of no type that we know.',
    admin: 'Nothing to do.',
  },
  CHECKSUM_MISMATCH: {
    status: 422,
    title: 'Checksum mismatch',
    retryable: false,
    owner: 'The stored bytes do not have the declared SHA-256; upload the file again.',
    admin: 'Nothing to do.',
  },
  CORRUPT_FILE: {
    status: 422,
    title: 'Corrupt file',
    retryable: false,
    owner: 'The file is damaged and cannot be decoded.',
    admin: 'Open the original with another tool; if it is fine, report it.',
  },
  TRUNCATED_FILE: {
    status: 422,
    title: 'Truncated file',
    retryable: false,
    owner: 'The file ends too early: it was cut off before or during the upload.',
    admin: 'Nothing to do; the owner uploads again.',
  },
  TOO_MANY_PIXELS: {
    status: 422,
    title: 'Too many pixels',
    retryable: false,
    owner: 'The image has more pixels than the limit that the message names.',
    admin: 'Raise `MAX_IMAGE_PIXELS` if the machine has the memory.',
  },
  TOO_MANY_FRAMES: {
    status: 422,
    title: 'Too many frames',
    retryable: false,
    owner: 'The animation has more frames than the limit that the message names.',
    admin: 'Raise `MAX_ANIMATION_FRAMES`.',
  },

  // Work
  TIMEOUT: {
    status: 504,
    title: 'Processing took too long',
    retryable: false,
    owner: 'The file took longer to process than allowed.',
    admin: 'Raise `JOB_TIMEOUT_SEC`, then requeue.',
  },
  RESOURCE_LIMIT: {
    status: 507,
    title: 'Resource limit',
    retryable: false,
    owner: 'Processing the file needed more memory than allowed.',
    admin: 'Give the worker more memory, then requeue.',
  },
  WORKER_CRASHED: {
    status: 500,
    title: 'Worker crashed',
    retryable: true,
    owner: 'The process that worked on the file died; it is tried again by itself.',
    admin: 'If it happens again with the same file, report the file.',
  },
  LEASE_LOST: {
    status: 409,
    title: 'Lease lost',
    retryable: true,
    owner: 'Another worker took over.',
    admin: 'Nothing to do; look for slow or frozen workers when it is frequent.',
  },
  NO_SPACE: {
    status: 507,
    title: 'No space left',
    retryable: true,
    owner: 'The worker ran out of disk space; it is tried again by itself.',
    admin: 'Free space in the folder of `WORKER_TEMP_DIR`.',
  },
  SOURCE_GONE: {
    status: 410,
    title: 'Source gone',
    retryable: false,
    owner: 'The uploaded bytes are no longer there; upload the file again.',
    admin: 'Nothing to do.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    title: 'Object store unavailable',
    retryable: true,
    owner: 'The object store does not answer; it is tried again by itself.',
    admin: 'Check the store; `/readyz` shows its state.',
  },
  STORE_CAP_EXCEEDED: {
    status: 503,
    title: 'Store cap exceeded',
    retryable: false,
    owner: 'Storage is paused; the operator was told.',
    admin: 'Raise the cap at Backblaze, then requeue.',
  },
  STORE_CREDENTIALS: {
    status: 503,
    title: 'Store refuses our credentials',
    retryable: false,
    owner: 'Storage is paused; the operator was told.',
    admin: 'Check `B2_KEY_ID`, `B2_APPLICATION_KEY` and the capabilities of the key.',
  },
  STORE_NOT_FOUND: {
    status: 404,
    title: 'Object not found',
    retryable: false,
    owner: 'The object is not in the store.',
    admin: 'Check that nothing else deletes objects in the bucket.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERRORS

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)

/** The catalogue's entry of a code; an unknown code is `INTERNAL`. */
export const errorEntry = (code: string): ErrorEntry => ERRORS[isErrorCode(code) ? code : 'INTERNAL']

/** Makes an `AppError` with a code of the catalogue. Without `detail` it says what the owner is told. */
export function appError(
  code: ErrorCode,
  detail: string = ERRORS[code].owner,
  options: { cause?: unknown; context?: Record<string, unknown>; retryAfterSec?: number } = {},
): AppError {
  return new AppError(code, detail, options)
}

/** Any thrown value as an `AppError`: what is not one already is a bug, so it becomes `INTERNAL` with its cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return appError('INTERNAL', ERRORS.INTERNAL.owner, { cause: error })
}
