import { AppError } from '@darkroom/core/app-error'

/**
 * Class of a failure, which decides how its job goes on: `transient` goes away by itself, so the job is retried with
 * backoff; `permanent` is caused by the request or the file; `limit` by a setting of this installation; `bug` is ours,
 * retried a few times because most are not deterministic; `operator` needs a person, so work pauses and no attempt is
 * used up.
 */
export const ERROR_CLASSES = ['transient', 'permanent', 'limit', 'bug', 'operator'] as const
export type ErrorClass = (typeof ERROR_CLASSES)[number]

/** What a class means for the job that failed, for the documentation. */
export const ERROR_CLASS_MEANINGS: Record<ErrorClass, string> = {
  transient: 'a temporary failure. The job is retried with backoff.',
  permanent: 'the request or the file causes it. The job is not retried.',
  limit: 'a limit of this installation. The job is not retried.',
  bug: 'a fault of Darkroom. The job is retried a few times if the code is retryable.',
  operator: 'the queues pause until a person has fixed the cause. No attempt is used up.',
}

/** Returns the anchor of a code in every documentation of errors: `UNSUPPORTED_TYPE` → `unsupported_type`. */
export const errorAnchor = (code: string): string => code.toLowerCase()

/**
 * What a code is about: any `request`; an `upload` until its bytes are accepted; the `content` of a file; the `work` on it;
 * the `operation` of an installation; calls to the `outside`. What is true of each code of an area is in its entry; who has to
 * say more has a `Record<ErrorCodeOf<Area>, …>`. So a new code does not compile before everything is said of it.
 */
export type ErrorArea = 'request' | 'upload' | 'content' | 'work' | 'operation' | 'outside'

/** What has to be said of each code of some areas, for those who act by it. */
type AreaFields =
  | {
      area: 'upload'
      /** Whether a confirm that failed so will not say otherwise in a minute. */
      isFinal: boolean
    }
  | {
      area: 'content'
      isOfMedia: boolean
      /** Whether the bytes are of no use to anybody, so that they are not kept for a requeue. */
      isSourceWorthless: boolean
    }
  | {
      area: 'work'
      /**
       * Whether a media process may give it: what is of its own file and its own work. With any code of the catalogue one that
       * has been taken over could have every queue paused, or its job left where it is.
       */
      isOfMedia: boolean
    }
  | { area: 'request' | 'operation' | 'outside' }

type ErrorEntry = AreaFields & {
  /** HTTP status when the API answers with it; content faults keep one for the documentation only. */
  status: number
  /** Short and constant: the problem's `title`. */
  title: string
  /** Whether a retry of the same thing can succeed. */
  retryable: boolean
  class: ErrorClass
  /** Message for the owner of the file. */
  owner: string
  /** What an admin can do. */
  admin: string
}

/** The only list of error codes. `docs/errors.md` is generated from it. */
export const ERRORS = {
  // Requests
  INVALID_REQUEST: {
    area: 'request',
    status: 400,
    title: 'Invalid request',
    retryable: false,
    class: 'permanent',
    owner: 'The request is invalid. `errors` lists each invalid field.',
    admin: 'Fix the client. `/docs` has the schema.',
  },
  METHOD_NOT_ALLOWED: {
    area: 'request',
    status: 405,
    title: 'Method not allowed',
    retryable: false,
    class: 'permanent',
    owner: 'This path does not support this method. The `Allow` header lists the methods that it supports.',
    admin: 'Fix the client. `/docs` lists every operation.',
  },
  PRECONDITION_FAILED: {
    area: 'request',
    status: 412,
    title: 'Precondition failed',
    retryable: false,
    class: 'permanent',
    owner:
      'The resource changed after you read it. Read it again, redo your change, and send the new `ETag` in `If-Match`.',
    admin: 'Nothing to do. Two clients edited the same resource.',
  },
  UNAUTHORIZED: {
    area: 'request',
    status: 401,
    title: 'Unauthorized',
    retryable: false,
    class: 'permanent',
    owner: 'Send a valid API key as `Authorization: Bearer <key>`.',
    admin: 'Check that the key exists and is not revoked: `npx darkroom keys list`.',
  },
  FORBIDDEN: {
    area: 'request',
    status: 403,
    title: 'Forbidden',
    retryable: false,
    class: 'permanent',
    owner: 'This API key does not have the required scope.',
    admin: 'Create a key with the scope that the detail names.',
  },
  NOT_FOUND: {
    area: 'request',
    status: 404,
    title: 'Not found',
    retryable: false,
    class: 'permanent',
    owner: 'No such resource in your project.',
    admin: 'Check the id, and the project of the API key.',
  },
  BODY_TOO_LARGE: {
    area: 'request',
    status: 413,
    title: 'Request body too large',
    retryable: false,
    class: 'limit',
    owner: 'The JSON body is too large. Send files to the presigned URL, not to the API.',
    admin: 'Fix the client.',
  },
  HEADERS_TOO_LARGE: {
    area: 'request',
    status: 431,
    title: 'Headers too large',
    retryable: false,
    class: 'limit',
    owner: 'The URL and headers of the request are too large.',
    admin: 'Fix the client.',
  },
  REQUEST_TIMEOUT: {
    area: 'request',
    status: 408,
    title: 'Request timeout',
    retryable: true,
    class: 'transient',
    owner: 'The request did not arrive completely in time. Send it again.',
    admin: 'Nothing to do. If it happens often, check the network.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    area: 'request',
    status: 415,
    title: 'Unsupported media type',
    retryable: false,
    class: 'permanent',
    owner: 'Send the body as `application/json`.',
    admin: 'Fix the client.',
  },
  UNAVAILABLE: {
    area: 'request',
    status: 503,
    title: 'Temporarily unavailable',
    retryable: true,
    class: 'transient',
    owner: 'The service is temporarily unavailable. Nothing was lost. Try again after `Retry-After` seconds.',
    admin: '`/readyz` shows which part is down.',
  },
  INTERNAL: {
    area: 'request',
    status: 500,
    title: 'Internal error',
    retryable: true,
    class: 'bug',
    owner: 'Something went wrong on the server. Try again.',
    admin: 'This is a bug. Search the logs for the request id or job id, and report it.',
  },

  PROJECT_NAME_TAKEN: {
    area: 'request',
    status: 409,
    title: 'Project name taken',
    retryable: false,
    class: 'permanent',
    owner: 'A project with this name already exists.',
    admin: 'Use that project, or choose another name.',
  },
  PROJECT_DELETING: {
    area: 'request',
    status: 403,
    title: 'Project deleting',
    retryable: false,
    class: 'permanent',
    owner: 'This project is being deleted. It cannot be read or changed.',
    admin: 'Restore it before the deletion starts: `npx darkroom projects restore`.',
  },
  PROJECT_DELETED: {
    area: 'request',
    status: 410,
    title: 'Project deleted',
    retryable: false,
    class: 'permanent',
    owner: 'The project and all its data were deleted.',
    admin: 'Nothing to do. `npx darkroom projects show` prints the deletion receipt.',
  },
  LOCAL_PROJECT: {
    area: 'request',
    status: 409,
    title: 'Local project',
    retryable: false,
    class: 'permanent',
    owner: 'Local mode uses the project `default`, so it cannot be deleted.',
    admin: 'To start from scratch, stop Darkroom and delete its data folder (`.darkroom`, or `DARKROOM_DATA`).',
  },
  RATE_LIMITED: {
    area: 'request',
    status: 429,
    title: 'Rate limited',
    retryable: true,
    class: 'limit',
    owner: 'This project sent too many requests. Try again after `Retry-After` seconds.',
    admin: 'Raise the project’s `requestsPerMinute` or `maxOpenUploads`: `npx darkroom projects set`.',
  },
  IDEMPOTENCY_MISMATCH: {
    area: 'request',
    status: 422,
    title: 'Idempotency mismatch',
    retryable: false,
    class: 'permanent',
    owner: 'This `Idempotency-Key` was already used for a different request. Use a new key for a new request.',
    admin: 'Fix the client: one key per request, and the same key for its retries.',
  },
  IDEMPOTENCY_IN_FLIGHT: {
    area: 'request',
    status: 409,
    title: 'Idempotency in flight',
    retryable: true,
    class: 'transient',
    owner: 'A request with this `Idempotency-Key` is in progress. Try again after `Retry-After` seconds.',
    admin: 'Nothing to do. The key of a request that crashed is released after 60 seconds.',
  },

  TUS_VERSION_UNSUPPORTED: {
    area: 'request',
    status: 412,
    title: 'Tus version unsupported',
    retryable: false,
    class: 'permanent',
    owner: 'Send `Tus-Resumable: 1.0.0`. This is the only version of the tus protocol that is supported.',
    admin: 'Fix the client. Any client library for tus 1.0 sends this header.',
  },
  UPLOAD_OFFSET_MISMATCH: {
    area: 'request',
    status: 409,
    title: 'Upload offset mismatch',
    retryable: true,
    class: 'transient',
    owner: 'The upload continues at another offset. Ask for it with HEAD, and send the file from there.',
    admin: 'Nothing to do. Clients of the tus protocol do this automatically.',
  },
  UPLOAD_LOCKED: {
    area: 'request',
    status: 423,
    title: 'Upload locked',
    retryable: true,
    class: 'transient',
    owner: 'Another request writes this upload. Try again.',
    admin: 'Nothing to do. The lock of a process that crashed ends after a few seconds.',
  },

  // Uploads
  QUOTA_EXCEEDED: {
    area: 'upload',
    isFinal: false,
    status: 422,
    title: 'Quota exceeded',
    retryable: false,
    class: 'limit',
    owner: 'The storage quota of this project is exceeded. Stored files and open uploads both count. See `/v1/usage`.',
    admin: 'Delete assets, or raise the project’s `quotaBytes`: `npx darkroom projects set`.',
  },
  UNSUPPORTED_TYPE: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 415,
    title: 'Unsupported file type',
    retryable: false,
    class: 'permanent',
    owner: 'This file type is not supported here. `/v1/status` lists the supported types.',
    admin: 'Install the missing decoder, or enable the type.',
  },
  TOO_LARGE: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 413,
    title: 'File too large',
    retryable: false,
    class: 'limit',
    owner: 'The file is larger than the limit. The detail says what the limit is.',
    admin: 'Raise `MAX_UPLOAD_BYTES`, or the project’s `maxUploadBytes`: `npx darkroom projects set`.',
  },
  EMPTY_FILE: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Empty file',
    retryable: false,
    class: 'permanent',
    owner: 'The file is empty.',
    admin: 'Nothing to do.',
  },
  EXTERNAL_ID_TAKEN: {
    area: 'upload',
    isFinal: false,
    status: 409,
    title: 'External id taken',
    retryable: false,
    class: 'permanent',
    owner: 'Another asset of this project already has this `externalId`.',
    admin: 'Use the existing asset, or delete it first.',
  },
  UPLOAD_INCOMPLETE: {
    area: 'upload',
    isFinal: true,
    status: 409,
    title: 'Upload incomplete',
    retryable: true,
    class: 'transient',
    owner: 'The file has not been uploaded yet. PUT it to the upload URL, then confirm again.',
    admin: 'Nothing to do. The upload expires automatically.',
  },
  SIZE_MISMATCH: {
    area: 'upload',
    isFinal: true,
    status: 422,
    title: 'Size mismatch',
    retryable: true,
    class: 'transient',
    owner:
      'The uploaded file does not have the declared size, and was removed. Renew the upload URL, PUT the file again, then confirm again.',
    admin: 'Nothing to do.',
  },
  UPLOAD_EXPIRED: {
    area: 'upload',
    isFinal: true,
    status: 410,
    title: 'Upload expired',
    retryable: false,
    class: 'permanent',
    owner: 'The upload was not confirmed in time. Start a new one.',
    admin: 'Raise `UPLOAD_EXPIRES_HOURS` if clients need more time.',
  },
  UPLOAD_CONFIRMED: {
    area: 'upload',
    isFinal: false,
    status: 409,
    title: 'Upload already confirmed',
    retryable: false,
    class: 'permanent',
    owner: 'This upload is already confirmed. Follow the asset instead.',
    admin: 'Nothing to do.',
  },
  ASSET_DELETED: {
    area: 'upload',
    isFinal: true,
    status: 410,
    title: 'Asset deleted',
    retryable: false,
    class: 'permanent',
    owner: 'The asset was deleted.',
    admin: 'Nothing to do.',
  },
  ASSET_NOT_READY: {
    area: 'request',
    status: 409,
    title: 'Not ready',
    retryable: true,
    class: 'transient',
    owner: 'The requested file does not exist yet. Follow the asset, and try again when it is ready.',
    admin: 'Check the job of the asset.',
  },
  ASSET_NOT_SETTLED: {
    area: 'request',
    status: 409,
    title: 'Still processing',
    retryable: true,
    class: 'transient',
    owner: 'The asset is still being processed. Wait until processing has finished.',
    admin: 'Check the job of the asset.',
  },

  // Content
  TYPE_MISMATCH: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: true,
    status: 422,
    title: 'Type mismatch',
    retryable: false,
    class: 'permanent',
    owner: 'The content of the file does not match the declared type.',
    admin: 'Nothing to do. The owner has to upload the file again with the correct type.',
  },
  UNRECOGNIZED_TYPE: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: true,
    status: 422,
    title: 'Unrecognized type',
    retryable: false,
    class: 'permanent',
    owner: 'The type of the file could not be recognized.',
    admin: 'Nothing to do.',
  },
  CHECKSUM_MISMATCH: {
    area: 'content',
    isOfMedia: false,
    isSourceWorthless: true,
    status: 422,
    title: 'Checksum mismatch',
    retryable: false,
    class: 'permanent',
    owner: 'The uploaded file does not match the declared SHA-256. Upload it again.',
    admin: 'Nothing to do.',
  },
  CORRUPT_FILE: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Corrupt file',
    retryable: false,
    class: 'permanent',
    owner: 'The file is damaged and cannot be decoded.',
    admin: 'Open the original with another program. If it works there, report a bug.',
  },
  TRUNCATED_FILE: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Truncated file',
    retryable: false,
    class: 'permanent',
    owner: 'The file is truncated: it was cut off before or during the upload.',
    admin: 'Nothing to do. The owner has to upload the whole file.',
  },
  WARNING_REFUSED: {
    area: 'content',
    isOfMedia: false,
    isSourceWorthless: false,
    status: 422,
    title: 'Warning refused',
    retryable: false,
    class: 'permanent',
    owner: 'The file has a warning that this project or preset treats as an error. The message names it.',
    admin:
      'To accept such files: if the code is in `failOn` of the project, remove it there (`npx darkroom projects set`) and requeue the job. If it is in `failOn` of the preset, reprocess the asset with a preset, or a new version of it, without the code.',
  },
  TOO_MANY_PIXELS: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Too many pixels',
    retryable: false,
    class: 'limit',
    owner: 'The image or video has too many pixels. The message says how many are allowed.',
    admin:
      'If the machine has enough memory, raise `MAX_IMAGE_PIXELS` or `MAX_IMAGE_DIMENSION`, whichever the attempt names.',
  },
  TOO_MANY_FRAMES: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Too many frames',
    retryable: false,
    class: 'limit',
    owner: 'The animation has too many frames. The message says how many are allowed.',
    admin: 'Raise `MAX_ANIMATION_FRAMES`.',
  },

  TOO_LONG: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Too long',
    retryable: false,
    class: 'limit',
    owner: 'The video or audio is too long. The message says how long it may be.',
    admin: 'Raise `MAX_DURATION_SEC`, then requeue.',
  },
  TOO_MANY_STREAMS: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Too many streams',
    retryable: false,
    class: 'limit',
    owner: 'The file has too many tracks.',
    admin: 'Nothing to do. No ordinary file has that many tracks.',
  },
  TOO_MANY_PAGES: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Too many pages',
    retryable: false,
    class: 'limit',
    owner: 'The document has too many pages. The message says how many are allowed.',
    admin: 'Raise `MAX_DOCUMENT_PAGES`, then requeue.',
  },
  ENCRYPTED_DOCUMENT: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Encrypted document',
    retryable: false,
    class: 'permanent',
    owner: 'The document is protected by a password. Upload it without one.',
    admin: 'Nothing to do.',
  },
  ENCRYPTED_VIDEO: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'Encrypted video',
    retryable: false,
    class: 'permanent',
    owner: 'The video or audio is copy-protected (DRM). Upload a version without DRM.',
    admin: 'Nothing to do. It cannot be decoded without its key.',
  },
  NO_DIMENSIONS: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 422,
    title: 'No dimensions',
    retryable: false,
    class: 'permanent',
    owner: 'The SVG has no size. It needs a width and height, or a viewBox.',
    admin: 'Nothing to do.',
  },
  OUTPUT_TOO_LARGE: {
    area: 'work',
    isOfMedia: true,
    status: 422,
    title: 'Output too large',
    retryable: false,
    class: 'limit',
    owner: 'The variant does not fit into `maxBytes` of the preset, or is larger than this installation allows.',
    admin: 'Raise `maxBytes` in the preset, or `MAX_OUTPUT_MB`.',
  },
  DECODER_UNAVAILABLE: {
    area: 'content',
    isOfMedia: true,
    isSourceWorthless: false,
    status: 415,
    title: 'Decoder unavailable',
    retryable: false,
    class: 'permanent',
    owner: 'A program needed for this kind of file is not installed here.',
    admin: 'Install ffmpeg on the workers (or set `FFMPEG_PATH`), then restart them.',
  },
  PRIVATE_METADATA: {
    area: 'work',
    isOfMedia: true,
    status: 500,
    title: 'Private metadata',
    retryable: false,
    class: 'bug',
    owner: 'A variant was not published because it still contained private metadata of the original.',
    admin: 'This is a bug. Report it with the type of the file. Nothing was published.',
  },

  // Work
  TIMEOUT: {
    area: 'work',
    isOfMedia: true,
    status: 504,
    title: 'Processing took too long',
    retryable: false,
    class: 'limit',
    owner: 'Processing the file took too long.',
    admin: 'Raise `JOB_TIMEOUT_SEC`, or `TRANSCODE_TIMEOUT_SEC` for video and audio, then requeue.',
  },
  RESOURCE_LIMIT: {
    area: 'work',
    isOfMedia: true,
    status: 507,
    title: 'Resource limit',
    retryable: false,
    class: 'limit',
    owner: 'Processing the file needed more memory, disk space or CPU time than allowed.',
    admin: 'If the machine has enough memory, raise `MAX_MEDIA_MEMORY_MB`, then requeue.',
  },
  WORKER_CRASHED: {
    area: 'work',
    isOfMedia: true,
    status: 500,
    title: 'Worker crashed',
    retryable: true,
    class: 'bug',
    owner: 'The process that worked on the file crashed. It is retried automatically a few times.',
    admin: 'If the same file crashes it again, report a bug with the file.',
  },
  LEASE_LOST: {
    area: 'work',
    isOfMedia: false,
    status: 409,
    title: 'Lease lost',
    retryable: true,
    class: 'transient',
    owner: 'Another worker took over the job.',
    admin: 'Nothing to do. If it happens often, look for slow or frozen workers.',
  },
  NO_SPACE: {
    area: 'work',
    isOfMedia: true,
    status: 507,
    title: 'No space left',
    retryable: true,
    class: 'transient',
    owner: 'The worker ran out of disk space. It is retried automatically a few times.',
    admin: 'Free disk space in `WORKER_TEMP_DIR`.',
  },
  SOURCE_GONE: {
    area: 'content',
    isOfMedia: false,
    isSourceWorthless: true,
    status: 410,
    title: 'Source gone',
    retryable: false,
    class: 'permanent',
    owner: 'The uploaded file no longer exists. Upload it again.',
    admin: 'Nothing to do.',
  },
  STORE_UNAVAILABLE: {
    area: 'work',
    isOfMedia: false,
    status: 503,
    title: 'Object store unavailable',
    retryable: true,
    class: 'transient',
    owner: 'The object store does not respond. It is retried automatically a few times.',
    admin: 'Check the object store. `/readyz` shows its state.',
  },
  STORE_CAP_EXCEEDED: {
    area: 'work',
    isOfMedia: false,
    status: 503,
    title: 'Store cap exceeded',
    retryable: false,
    class: 'operator',
    owner: 'Storage is paused. The operator was notified.',
    admin: 'Raise the cap in your Backblaze account, then requeue.',
  },
  STORE_CREDENTIALS: {
    area: 'work',
    isOfMedia: false,
    status: 503,
    title: 'Store credentials rejected',
    retryable: false,
    class: 'operator',
    owner: 'Storage is paused. The operator was notified.',
    admin: 'Check `B2_KEY_ID`, `B2_APPLICATION_KEY` and the capabilities of the key.',
  },
  STORE_NOT_FOUND: {
    area: 'work',
    isOfMedia: false,
    status: 404,
    title: 'Object not found',
    retryable: false,
    class: 'permanent',
    owner: 'The object does not exist in the store.',
    admin: 'Check that no other program deletes objects from the bucket.',
  },
  // Administration
  JOB_NOT_REQUEUEABLE: {
    area: 'operation',
    status: 409,
    title: 'Job cannot be requeued',
    retryable: false,
    class: 'permanent',
    owner: 'The job cannot be requeued in its current state. The detail says which state.',
    admin: 'Run `npx darkroom explain <asset>`. It says what you can do instead.',
  },
  JOB_SETTLED: {
    area: 'operation',
    status: 409,
    title: 'Job already settled',
    retryable: false,
    class: 'permanent',
    owner: 'The job has already finished, so it cannot be cancelled.',
    admin: 'Nothing to do.',
  },
  CANCELLED: {
    area: 'work',
    isOfMedia: false,
    status: 409,
    title: 'Cancelled',
    retryable: false,
    class: 'permanent',
    owner: 'Processing of this file was cancelled by an admin.',
    admin: 'Requeue the job to process the file after all.',
  },
  QUARANTINED: {
    area: 'content',
    isOfMedia: false,
    isSourceWorthless: false,
    status: 422,
    title: 'File in quarantine',
    retryable: false,
    class: 'permanent',
    owner: 'This file repeatedly crashed the process that worked on it, so it is no longer processed.',
    admin: 'Report a bug with the file. After a fix, release the file from quarantine and requeue its jobs.',
  },
  CONTENT_BLOCKED: {
    area: 'content',
    isOfMedia: false,
    isSourceWorthless: true,
    status: 451,
    title: 'Content blocked',
    retryable: false,
    class: 'permanent',
    owner: 'This exact file was taken down, and is not accepted again.',
    admin:
      '`npx darkroom takedowns list --sha256 …` shows what was taken down and why. If it was a mistake, an operator can lift the takedown: `npx darkroom takedowns lift`.',
  },
  SHARE_ENDED: {
    area: 'request',
    status: 410,
    title: 'Share ended',
    retryable: false,
    class: 'permanent',
    owner: 'This link no longer works. Ask the person who shared it for a new one.',
    admin:
      'The share was revoked, expired or reached its download limit, or its asset was deleted. Create another one.',
  },
  ARCHIVE_ENDED: {
    area: 'request',
    status: 410,
    title: 'Archive ended',
    retryable: false,
    class: 'permanent',
    owner: 'This download link has expired. Start the download again.',
    admin: 'Nothing to do: the URL of an archive works for 15 minutes. Create another one with `POST /v1/archives`.',
  },
  ARCHIVE_TOO_LARGE: {
    area: 'request',
    status: 413,
    title: 'Archive too large',
    retryable: false,
    class: 'limit',
    owner: 'The files are too large to be downloaded together. Select fewer of them.',
    admin: 'Raise `ARCHIVE_MAX_BYTES`.',
  },
  ARCHIVE_BUSY: {
    area: 'request',
    status: 503,
    title: 'Archive busy',
    retryable: true,
    class: 'limit',
    owner: 'Many downloads of archives are running. Try again in a moment.',
    admin: 'Run more API processes: each streams 8 archives at a time.',
  },
  VIEW_ENDED: {
    area: 'request',
    status: 410,
    title: 'View ended',
    retryable: false,
    class: 'permanent',
    owner: 'This URL has expired. Reload the page.',
    admin: 'Request a new view with `GET /v1/assets/:id/view`, with a longer `ttl` if needed.',
  },
  TOO_MANY_SHARES: {
    area: 'request',
    status: 409,
    title: 'Too many shares',
    retryable: false,
    class: 'limit',
    owner: 'This asset has the maximum number of share links. Revoke one first.',
    admin: 'Revoke links that are no longer needed: `DELETE /v1/assets/:id/shares/:shareId`.',
  },
  INVALID_PARTS: {
    area: 'upload',
    isFinal: true,
    status: 422,
    title: 'Invalid parts',
    retryable: true,
    class: 'permanent',
    owner:
      'The parts in the store do not match the upload. `GET /v1/uploads/:id` lists the parts that arrived. Send the missing ones, then confirm again.',
    admin: 'Nothing to do. The upload expires automatically.',
  },
  BACKFILL_ACTIVE: {
    area: 'operation',
    status: 409,
    title: 'Backfill active',
    retryable: true,
    class: 'permanent',
    owner: 'Another backfill of this project is running or paused. Wait until it has finished, or cancel it.',
    admin: 'Run `npx darkroom backfills list`.',
  },
  BACKFILL_ENDED: {
    area: 'operation',
    status: 409,
    title: 'Backfill ended',
    retryable: false,
    class: 'permanent',
    owner: 'The backfill is completed or cancelled. Apply the preset again to start a new one.',
    admin: 'Nothing to do.',
  },
  EVENTS_SILENT: {
    area: 'operation',
    status: 503,
    title: 'No events from the store',
    retryable: false,
    class: 'operator',
    owner: 'Uploads may be detected a little later than usual.',
    admin:
      'Uploads arrived, but the store sent no event notification for them. Check the event notification rule of the bucket. B2 may have suspended it.',
  },
  CDN_REFUSED: {
    area: 'operation',
    status: 503,
    title: 'CDN purge failed',
    retryable: false,
    class: 'operator',
    owner: 'A deleted file may still be in the CDN cache.',
    admin:
      'Check `CLOUDFLARE_API_TOKEN` (permission Cache Purge) and `CLOUDFLARE_ZONE_ID` of the workers. Pending purges are retried automatically.',
  },
  CLOCK_SKEW: {
    area: 'operation',
    status: 503,
    title: 'Clock skew',
    retryable: false,
    class: 'operator',
    owner: 'The clock of a machine of this installation is wrong.',
    admin: 'Correct the clock of the host that the message names (NTP).',
  },
  OBJECT_MISSING: {
    area: 'operation',
    status: 503,
    title: 'Object missing',
    retryable: false,
    class: 'operator',
    owner: 'A published file no longer exists in the store.',
    admin:
      'Run `npx darkroom orphans` for the list. Reprocess the assets whose original still exists. Restore the others from a backup.',
  },
  BACKUP_TOOLS_MISSING: {
    area: 'operation',
    status: 503,
    title: 'Backup tools missing',
    retryable: false,
    class: 'operator',
    owner: 'The database is not backed up.',
    admin:
      'Install pg_dump and pg_restore, at least as new as the Postgres server, on the machine that the message names. Or set `POSTGRES_BIN_DIR` to their folder.',
  },
  BACKUP_FAILED: {
    area: 'operation',
    status: 503,
    title: 'Backup failed',
    retryable: true,
    class: 'operator',
    owner: 'The database could not be backed up or restored.',
    admin: 'The message has what pg_dump or pg_restore said. Scheduled backups are retried automatically.',
  },
  BACKUP_UNREADABLE: {
    area: 'operation',
    status: 422,
    title: 'Backup unreadable',
    retryable: false,
    class: 'operator',
    owner: 'The backup could not be decrypted.',
    admin:
      'Use the identity that belongs to the recipient of the backup (`BACKUP_IDENTITY`). If it is the right one, the backup is damaged: use another.',
  },
  OBJECT_DAMAGED: {
    area: 'operation',
    status: 503,
    title: 'Object damaged',
    retryable: false,
    class: 'operator',
    owner: 'A published file has other bytes in the store than it had when it was written.',
    admin:
      'Run `npx darkroom verify --all` for the list. Reprocess the assets whose original is whole. Restore the others from a copy of the bucket.',
  },
  // Calls to the outside
  URL_NOT_ALLOWED: {
    area: 'outside',
    status: 422,
    title: 'URL not allowed',
    retryable: false,
    class: 'permanent',
    owner: 'This installation does not call this URL (SSRF protection). The detail says why.',
    admin: 'If this host is trusted, add it to `OUTBOUND_ALLOW`.',
  },
  URL_UNREACHABLE: {
    area: 'outside',
    status: 502,
    title: 'URL unreachable',
    retryable: true,
    class: 'transient',
    owner: 'The host of the URL could not be reached. The detail says why.',
    admin: 'If it happens with every host, check DNS and the outbound network of the workers.',
  },
  URL_TIMEOUT: {
    area: 'outside',
    status: 504,
    title: 'URL timeout',
    retryable: true,
    class: 'transient',
    owner: 'The host of the URL did not send a complete response in time.',
    admin: 'Nothing to do.',
  },
  TOO_MANY_REDIRECTS: {
    area: 'outside',
    status: 422,
    title: 'Too many redirects',
    retryable: false,
    class: 'permanent',
    owner: 'The URL redirects too many times. Use the final URL.',
    admin: 'Nothing to do.',
  },
  IMPORT_NOT_FOUND: {
    area: 'outside',
    status: 422,
    title: 'Import not found',
    retryable: false,
    class: 'permanent',
    owner: 'The host says that the file does not exist (404 or 410).',
    admin: 'Requeue the job when the file exists. The URL is kept as long as the source of a failed asset.',
  },
  IMPORT_REFUSED: {
    area: 'outside',
    status: 422,
    title: 'Import refused',
    retryable: false,
    class: 'permanent',
    owner: 'The host refused to send the file. The detail has its HTTP status.',
    admin: 'A signed URL may have expired. The owner has to import again with a new URL.',
  },
  IMPORT_UNAVAILABLE: {
    area: 'outside',
    status: 502,
    title: 'Import unavailable',
    retryable: true,
    class: 'transient',
    owner: 'The host of the URL is temporarily unavailable. It is retried automatically.',
    admin: 'Nothing to do. If it fails for good, requeue the job when the host works again.',
  },
  WEBHOOK_REFUSED: {
    area: 'outside',
    status: 502,
    title: 'Webhook refused',
    retryable: true,
    class: 'transient',
    owner: 'Your endpoint did not respond with a 2xx status. Redirects are not followed.',
    admin: 'Nothing to do. The delivery shows the response of the endpoint.',
  },
  WEBHOOK_LIMIT: {
    area: 'outside',
    status: 422,
    title: 'Too many webhooks',
    retryable: false,
    class: 'limit',
    owner: 'The project has the maximum number of webhook endpoints. Delete one first.',
    admin: 'Nothing to do.',
  },
  WEBHOOK_DISABLED: {
    area: 'outside',
    status: 409,
    title: 'Webhook disabled',
    retryable: false,
    class: 'permanent',
    owner: 'The endpoint is disabled. Enable it first with `PATCH {"enabled": true}`.',
    admin: 'Check `disabledReason` and `lastError` of the endpoint.',
  },
  WEBHOOK_SECRET_UNREADABLE: {
    area: 'outside',
    status: 500,
    title: 'Webhook secret unreadable',
    retryable: true,
    class: 'operator',
    owner: 'The secret of the endpoint can no longer be decrypted. Rotate it.',
    admin: 'Start every process with the `DARKROOM_SECRET` that was used to encrypt it, or ask the owner to rotate it.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERRORS
/** The codes of one area, or of several. */
export type ErrorCodeOf<Area extends ErrorArea> = {
  [Code in ErrorCode]: (typeof ERRORS)[Code]['area'] extends Area ? Code : never
}[ErrorCode]

type Flag = 'isFinal' | 'isOfMedia' | 'isSourceWorthless'
/** The codes whose entry has a flag. */
export type ErrorCodeThat<Is extends Flag> = {
  [Code in ErrorCode]: (typeof ERRORS)[Code] extends Record<Is, true> ? Code : never
}[ErrorCode]

/** Returns the codes whose entry has a flag, such as those that a media process may give. */
export const errorCodesThat = <Is extends Flag>(flag: Is): ErrorCodeThat<Is>[] =>
  (Object.keys(ERRORS) as ErrorCode[]).filter((code): code is ErrorCodeThat<Is> => {
    const entry: Readonly<Record<string, unknown>> = ERRORS[code]
    return entry[flag] === true
  })

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code)

/** Returns the catalogue's entry of a code; an unknown code is `INTERNAL`. */
export const errorEntry = (code: string): ErrorEntry => ERRORS[isErrorCode(code) ? code : 'INTERNAL']

/** Makes an `AppError` with a code of the catalogue. Without `detail` it says what the owner is told. */
export function appError(
  code: ErrorCode,
  detail: string = ERRORS[code].owner,
  options: { cause?: unknown; context?: Record<string, unknown>; retryAfterSec?: number } = {},
): AppError {
  return new AppError(code, detail, options)
}

/** Turns any thrown value into an `AppError`: what is not one already is a bug, so it becomes `INTERNAL` with its cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  return appError('INTERNAL', ERRORS.INTERNAL.owner, { cause: error })
}
