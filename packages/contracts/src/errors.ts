import { AppError } from '@darkroom/core'

/**
 * What kind of failure a code is, which decides what becomes of a job: `transient` goes away by itself, so it is tried
 * again with backoff; `permanent` lies in the request or the file; `limit` is a setting of this installation; `bug` is
 * ours, tried a few times because most are not deterministic; `operator` needs a person, so work pauses and no attempt
 * is used up.
 */
export const ERROR_CLASSES = ['transient', 'permanent', 'limit', 'bug', 'operator'] as const
export type ErrorClass = (typeof ERROR_CLASSES)[number]

/**
 * What a code is about: any `request`; an `upload` until its bytes are accepted; the `content` of a file; the `work` on it;
 * the `operation` of an installation; calls to the `outside`. Who has to say something of each code of an area has a
 * `Record<ErrorCodeOf<Area>, …>`, so that a new code does not compile before they do.
 */
export type ErrorArea = 'request' | 'upload' | 'content' | 'work' | 'operation' | 'outside'

interface ErrorEntry {
  area: ErrorArea
  /** HTTP status when the API answers with it; content faults keep one for the documentation only. */
  status: number
  /** Short and constant: the problem's `title`. */
  title: string
  /** Whether trying the same thing again can help. */
  retryable: boolean
  class: ErrorClass
  /** What the owner of the file is told. */
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
    owner: 'The request is not what the API expects; see `errors` for each field.',
    admin: 'Fix the caller; `/docs` has the schema.',
  },
  METHOD_NOT_ALLOWED: {
    area: 'request',
    status: 405,
    title: 'Method not allowed',
    retryable: false,
    class: 'permanent',
    owner: 'The path is there, and not for this method; the header `Allow` names those that it takes.',
    admin: 'Fix the caller; `/docs` has every operation.',
  },
  PRECONDITION_FAILED: {
    area: 'request',
    status: 412,
    title: 'Precondition failed',
    retryable: false,
    class: 'permanent',
    owner:
      'It was changed since you read it. Read it again, make your change to what it is now, and send the new `ETag` in `If-Match`.',
    admin: 'Nothing to do; the caller edits what somebody else edits as well.',
  },
  UNAUTHORIZED: {
    area: 'request',
    status: 401,
    title: 'Unauthorized',
    retryable: false,
    class: 'permanent',
    owner: 'Send a valid key as `Authorization: Bearer <key>`.',
    admin: 'Check that the key exists and is not revoked: `npx darkroom keys list`.',
  },
  FORBIDDEN: {
    area: 'request',
    status: 403,
    title: 'Forbidden',
    retryable: false,
    class: 'permanent',
    owner: 'This key may not do that.',
    admin: 'Create a key with the scope that the detail names.',
  },
  NOT_FOUND: {
    area: 'request',
    status: 404,
    title: 'Not found',
    retryable: false,
    class: 'permanent',
    owner: 'There is nothing with this id in your project.',
    admin: 'Check the id and the project of the key.',
  },
  BODY_TOO_LARGE: {
    area: 'request',
    status: 413,
    title: 'Request body too large',
    retryable: false,
    class: 'limit',
    owner: 'The JSON body is larger than the API takes. Files go to the presigned URL, not through the API.',
    admin: 'Fix the caller.',
  },
  HEADERS_TOO_LARGE: {
    area: 'request',
    status: 431,
    title: 'Headers too large',
    retryable: false,
    class: 'limit',
    owner: 'The URL and the headers of the request are larger than the API takes.',
    admin: 'Fix the caller.',
  },
  REQUEST_TIMEOUT: {
    area: 'request',
    status: 408,
    title: 'Request timeout',
    retryable: true,
    class: 'transient',
    owner: 'The request did not arrive whole in time; send it again.',
    admin: 'Nothing to do; look at the network when it is frequent.',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    area: 'request',
    status: 415,
    title: 'Unsupported media type',
    retryable: false,
    class: 'permanent',
    owner: 'Send the body as `application/json`.',
    admin: 'Fix the caller.',
  },
  UNAVAILABLE: {
    area: 'request',
    status: 503,
    title: 'Temporarily unavailable',
    retryable: true,
    class: 'transient',
    owner: 'Try again after `Retry-After` seconds; nothing was lost.',
    admin: 'See `/readyz` for the part that is down.',
  },
  INTERNAL: {
    area: 'request',
    status: 500,
    title: 'Internal error',
    retryable: true,
    class: 'bug',
    owner: 'Something went wrong on our side; try again.',
    admin: 'A bug: search the logs for the request or job id and report it.',
  },

  PROJECT_NAME_TAKEN: {
    area: 'request',
    status: 409,
    title: 'Project name taken',
    retryable: false,
    class: 'permanent',
    owner: 'There is a project of this name.',
    admin: 'Use that one, or another name.',
  },
  PROJECT_DELETING: {
    area: 'request',
    status: 403,
    title: 'Project deleting',
    retryable: false,
    class: 'permanent',
    owner: 'This project is being deleted; nothing of it can be reached or added.',
    admin: 'Restore it before its deletion begins: `npx darkroom projects restore`.',
  },
  PROJECT_DELETED: {
    area: 'request',
    status: 410,
    title: 'Project deleted',
    retryable: false,
    class: 'permanent',
    owner: 'The project was deleted, with all that belonged to it.',
    admin: 'Nothing to do; `npx darkroom projects show` has the receipt.',
  },
  LOCAL_PROJECT: {
    area: 'request',
    status: 409,
    title: 'Local project',
    retryable: false,
    class: 'permanent',
    owner: 'Local mode works in the project `default`, so it cannot be deleted there.',
    admin: 'To begin anew, stop Darkroom and remove its data folder (`.darkroom`, or `DARKROOM_DATA`).',
  },
  RATE_LIMITED: {
    area: 'request',
    status: 429,
    title: 'Rate limited',
    retryable: true,
    class: 'limit',
    owner: 'This project asks for too much at a time; try again after `Retry-After` seconds.',
    admin: 'Raise the project’s `requestsPerMinute` or `maxOpenUploads`: `npx darkroom projects set`.',
  },
  IDEMPOTENCY_MISMATCH: {
    area: 'request',
    status: 422,
    title: 'Idempotency mismatch',
    retryable: false,
    class: 'permanent',
    owner: 'This `Idempotency-Key` came with another request before; use a new key for a new request.',
    admin: 'Fix the caller: one key for one request and its repetitions.',
  },
  IDEMPOTENCY_IN_FLIGHT: {
    area: 'request',
    status: 409,
    title: 'Idempotency in flight',
    retryable: true,
    class: 'transient',
    owner: 'A request with this `Idempotency-Key` is under way; try again after `Retry-After` seconds.',
    admin: 'Nothing to do; a request that died gives its key free after 60 seconds.',
  },

  // Uploads
  QUOTA_EXCEEDED: {
    area: 'upload',
    status: 422,
    title: 'Quota exceeded',
    retryable: false,
    class: 'limit',
    owner:
      'The project has no room for this file: what is stored and what open uploads declared count; see `/v1/usage`.',
    admin: 'Delete assets, or raise the project’s `quotaBytes`: `npx darkroom projects set`.',
  },
  UNSUPPORTED_TYPE: {
    area: 'content',
    status: 415,
    title: 'Unsupported file type',
    retryable: false,
    class: 'permanent',
    owner: 'This installation does not take files of this type; `/v1/status` lists those it takes.',
    admin: 'Install the decoder or allow the type.',
  },
  TOO_LARGE: {
    area: 'content',
    status: 413,
    title: 'File too large',
    retryable: false,
    class: 'limit',
    owner: 'The file is larger than the limit that the detail names.',
    admin: 'Raise `MAX_UPLOAD_BYTES`, or the project’s `maxUploadBytes`: `npx darkroom projects set`.',
  },
  EMPTY_FILE: {
    area: 'content',
    status: 422,
    title: 'Empty file',
    retryable: false,
    class: 'permanent',
    owner: 'The file has no bytes.',
    admin: 'Nothing to do.',
  },
  EXTERNAL_ID_TAKEN: {
    area: 'upload',
    status: 409,
    title: 'External id taken',
    retryable: false,
    class: 'permanent',
    owner: 'Another asset of this project has this `externalId`.',
    admin: 'Use the existing asset, or delete it first.',
  },
  UPLOAD_INCOMPLETE: {
    area: 'upload',
    status: 409,
    title: 'Upload incomplete',
    retryable: true,
    class: 'transient',
    owner: 'The bytes are not there yet: PUT them to the upload URL, then confirm again.',
    admin: 'Nothing to do; the upload expires by itself.',
  },
  SIZE_MISMATCH: {
    area: 'upload',
    status: 422,
    title: 'Size mismatch',
    retryable: true,
    class: 'transient',
    owner: 'The stored bytes are not of the declared size and were removed: renew the URL, PUT again, confirm again.',
    admin: 'Nothing to do.',
  },
  UPLOAD_EXPIRED: {
    area: 'upload',
    status: 410,
    title: 'Upload expired',
    retryable: false,
    class: 'permanent',
    owner: 'The upload was not confirmed in time. Start a new one.',
    admin: 'Raise `UPLOAD_EXPIRES_HOURS` when clients need longer.',
  },
  UPLOAD_CONFIRMED: {
    area: 'upload',
    status: 409,
    title: 'Upload already confirmed',
    retryable: false,
    class: 'permanent',
    owner: 'The bytes of this upload were accepted; there is nothing to renew. Follow the asset.',
    admin: 'Nothing to do.',
  },
  ASSET_DELETED: {
    area: 'upload',
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
    owner: 'The file that was asked for does not exist yet; follow the asset and ask again.',
    admin: 'Look at the job of the asset.',
  },
  ASSET_NOT_SETTLED: {
    area: 'request',
    status: 409,
    title: 'Still processing',
    retryable: true,
    class: 'transient',
    owner: 'The asset is still being worked on; wait until it is settled.',
    admin: 'Look at the job of the asset.',
  },

  // Content
  TYPE_MISMATCH: {
    area: 'content',
    status: 422,
    title: 'Type mismatch',
    retryable: false,
    class: 'permanent',
    owner: 'The content is not of the declared type.',
    admin: 'Nothing to do; the owner uploads again with the right type.',
  },
  UNRECOGNIZED_TYPE: {
    area: 'content',
    status: 422,
    title: 'Unrecognized type',
    retryable: false,
    class: 'permanent',
    owner: 'The content is of no type that we know.',
    admin: 'Nothing to do.',
  },
  CHECKSUM_MISMATCH: {
    area: 'content',
    status: 422,
    title: 'Checksum mismatch',
    retryable: false,
    class: 'permanent',
    owner: 'The stored bytes do not have the declared SHA-256; upload the file again.',
    admin: 'Nothing to do.',
  },
  CORRUPT_FILE: {
    area: 'content',
    status: 422,
    title: 'Corrupt file',
    retryable: false,
    class: 'permanent',
    owner: 'The file is damaged and cannot be decoded.',
    admin: 'Open the original with another tool; if it is fine, report it.',
  },
  TRUNCATED_FILE: {
    area: 'content',
    status: 422,
    title: 'Truncated file',
    retryable: false,
    class: 'permanent',
    owner: 'The file ends too early: it was cut off before or during the upload.',
    admin: 'Nothing to do; the owner uploads again.',
  },
  WARNING_REFUSED: {
    area: 'content',
    status: 422,
    title: 'Warning refused',
    retryable: false,
    class: 'permanent',
    owner: 'The file has a fault that this project or preset does not accept; the message names it.',
    admin:
      'If such files are to be taken: where the project says it, take the code out of its `failOn` (`npx darkroom projects set`) and requeue; where the preset does, reprocess the asset with a preset, or a new version, that does not.',
  },
  TOO_MANY_PIXELS: {
    area: 'content',
    status: 422,
    title: 'Too many pixels',
    retryable: false,
    class: 'limit',
    owner: 'The image has more pixels than allowed here; the message says how many are.',
    admin:
      'Raise `MAX_IMAGE_PIXELS` or `MAX_IMAGE_DIMENSION`, whichever the attempt names, if the machine has the memory.',
  },
  TOO_MANY_FRAMES: {
    area: 'content',
    status: 422,
    title: 'Too many frames',
    retryable: false,
    class: 'limit',
    owner: 'The animation has more frames than allowed here; the message says how many are.',
    admin: 'Raise `MAX_ANIMATION_FRAMES`.',
  },

  TOO_LONG: {
    area: 'content',
    status: 422,
    title: 'Too long',
    retryable: false,
    class: 'limit',
    owner: 'The video or sound is longer than allowed here; the message says how long it may be.',
    admin: 'Raise `MAX_DURATION_SEC`, then requeue.',
  },
  TOO_MANY_STREAMS: {
    area: 'content',
    status: 422,
    title: 'Too many streams',
    retryable: false,
    class: 'limit',
    owner: 'The file has more tracks than allowed here.',
    admin: 'Nothing to do: no ordinary file has so many.',
  },
  TOO_MANY_PAGES: {
    area: 'content',
    status: 422,
    title: 'Too many pages',
    retryable: false,
    class: 'limit',
    owner: 'The document has more pages than allowed here; the message says how many are.',
    admin: 'Raise `MAX_DOCUMENT_PAGES`, then requeue.',
  },
  ENCRYPTED_DOCUMENT: {
    area: 'content',
    status: 422,
    title: 'Encrypted document',
    retryable: false,
    class: 'permanent',
    owner: 'The document asks for a password; upload one that does not.',
    admin: 'Nothing to do.',
  },
  ENCRYPTED_VIDEO: {
    area: 'content',
    status: 422,
    title: 'Encrypted video',
    retryable: false,
    class: 'permanent',
    owner: 'The video or sound is protected against copying (DRM); upload one that plays without a licence.',
    admin: 'Nothing to do: without its key nobody can decode it.',
  },
  NO_DIMENSIONS: {
    area: 'content',
    status: 422,
    title: 'No dimensions',
    retryable: false,
    class: 'permanent',
    owner: 'The drawing does not say how large it is: it needs width and height, or a viewBox.',
    admin: 'Nothing to do.',
  },
  OUTPUT_TOO_LARGE: {
    area: 'work',
    status: 422,
    title: 'Output too large',
    retryable: false,
    class: 'limit',
    owner: 'The variant cannot be made as small as the preset asks, or is larger than this installation allows.',
    admin: 'Raise `maxBytes` in the preset, or `MAX_OUTPUT_MB`.',
  },
  DECODER_UNAVAILABLE: {
    area: 'content',
    status: 415,
    title: 'No decoder here',
    retryable: false,
    class: 'permanent',
    owner: 'This installation lacks the program that this kind of file needs.',
    admin: 'Install ffmpeg on the workers (or set `FFMPEG_PATH`) and start them again.',
  },
  PRIVATE_METADATA: {
    area: 'work',
    status: 500,
    title: 'Private metadata',
    retryable: false,
    class: 'bug',
    owner: 'A variant was held back because it still carried private facts of the original.',
    admin: 'A bug: report it with the kind of file. Nothing was published.',
  },

  // Work
  TIMEOUT: {
    area: 'work',
    status: 504,
    title: 'Processing took too long',
    retryable: false,
    class: 'limit',
    owner: 'The file took longer to process than allowed.',
    admin: 'Raise `JOB_TIMEOUT_SEC`, or `TRANSCODE_TIMEOUT_SEC` for videos and sounds, then requeue.',
  },
  RESOURCE_LIMIT: {
    area: 'work',
    status: 507,
    title: 'Resource limit',
    retryable: false,
    class: 'limit',
    owner: 'Processing the file needed more memory, disk or processor time than allowed.',
    admin: 'Raise `MAX_MEDIA_MEMORY_MB` if the machine has the memory, then requeue.',
  },
  WORKER_CRASHED: {
    area: 'work',
    status: 500,
    title: 'Worker crashed',
    retryable: true,
    class: 'bug',
    owner: 'The process that worked on the file died. That is tried again a few times by itself.',
    admin: 'If it happens again with the same file, report the file.',
  },
  LEASE_LOST: {
    area: 'work',
    status: 409,
    title: 'Lease lost',
    retryable: true,
    class: 'transient',
    owner: 'Another worker took over.',
    admin: 'Nothing to do; look for slow or frozen workers when it is frequent.',
  },
  NO_SPACE: {
    area: 'work',
    status: 507,
    title: 'No space left',
    retryable: true,
    class: 'transient',
    owner: 'The worker ran out of disk space. That is tried again a few times by itself.',
    admin: 'Free space in the folder of `WORKER_TEMP_DIR`.',
  },
  SOURCE_GONE: {
    area: 'content',
    status: 410,
    title: 'Source gone',
    retryable: false,
    class: 'permanent',
    owner: 'The uploaded bytes are no longer there; upload the file again.',
    admin: 'Nothing to do.',
  },
  STORE_UNAVAILABLE: {
    area: 'work',
    status: 503,
    title: 'Object store unavailable',
    retryable: true,
    class: 'transient',
    owner: 'The object store does not answer. It is asked again a few times by itself.',
    admin: 'Check the store; `/readyz` shows its state.',
  },
  STORE_CAP_EXCEEDED: {
    area: 'work',
    status: 503,
    title: 'Store cap exceeded',
    retryable: false,
    class: 'operator',
    owner: 'Storage is paused; the operator was told.',
    admin: 'Raise the cap at Backblaze, then requeue.',
  },
  STORE_CREDENTIALS: {
    area: 'work',
    status: 503,
    title: 'Store refuses our credentials',
    retryable: false,
    class: 'operator',
    owner: 'Storage is paused; the operator was told.',
    admin: 'Check `B2_KEY_ID`, `B2_APPLICATION_KEY` and the capabilities of the key.',
  },
  STORE_NOT_FOUND: {
    area: 'work',
    status: 404,
    title: 'Object not found',
    retryable: false,
    class: 'permanent',
    owner: 'The object is not in the store.',
    admin: 'Check that nothing else deletes objects in the bucket.',
  },
  // Administration
  JOB_NOT_REQUEUEABLE: {
    area: 'operation',
    status: 409,
    title: 'Job cannot be requeued',
    retryable: false,
    class: 'permanent',
    owner: 'The job is in a state from which it cannot start again; the detail says which.',
    admin: 'Read `explain` of the asset: it names what can be done instead.',
  },
  JOB_SETTLED: {
    area: 'operation',
    status: 409,
    title: 'Job already settled',
    retryable: false,
    class: 'permanent',
    owner: 'The job has ended; there is nothing left to cancel.',
    admin: 'Nothing to do.',
  },
  CANCELLED: {
    area: 'work',
    status: 409,
    title: 'Cancelled',
    retryable: false,
    class: 'permanent',
    owner: 'The work on this file was cancelled by an admin.',
    admin: 'Requeue the job when the file is to be processed after all.',
  },
  QUARANTINED: {
    area: 'content',
    status: 422,
    title: 'File in quarantine',
    retryable: false,
    class: 'permanent',
    owner: 'This file made the process that worked on it die again and again, so it is not processed any more.',
    admin: 'Report the file. After a fix, release it from quarantine and requeue its jobs.',
  },
  CONTENT_BLOCKED: {
    area: 'content',
    status: 451,
    title: 'Content blocked',
    retryable: false,
    class: 'permanent',
    owner: 'Exactly this file was taken down, so it is not taken again.',
    admin:
      'See what was taken down and why: `npx darkroom takedowns list --sha256 …`. If it was a mistake, an operator lifts it: `npx darkroom takedowns lift`.',
  },
  SHARE_ENDED: {
    area: 'request',
    status: 410,
    title: 'Share ended',
    retryable: false,
    class: 'permanent',
    owner: 'This link has ended. Ask whoever gave it to you for another one.',
    admin: 'It was revoked, has expired, was followed as often as it may be, or its file was deleted. Create another.',
  },
  VIEW_ENDED: {
    area: 'request',
    status: 410,
    title: 'View ended',
    retryable: false,
    class: 'permanent',
    owner: 'The time for which this could be seen is over. Load the page again.',
    admin: 'Ask for a new view, `GET /v1/assets/:id/view`, with a longer `ttl` if it was too short.',
  },
  TOO_MANY_SHARES: {
    area: 'request',
    status: 409,
    title: 'Too many shares',
    retryable: false,
    class: 'limit',
    owner: 'This asset has as many links as it may have. Revoke one first.',
    admin: 'Revoke links that are not needed: `DELETE /v1/assets/:id/shares/:shareId`.',
  },
  INVALID_PARTS: {
    area: 'upload',
    status: 422,
    title: 'Parts do not fit',
    retryable: true,
    class: 'permanent',
    owner:
      'The parts that the store has are not those of the upload; `GET /v1/uploads/:id` lists what is there. Send the missing ones, then confirm again.',
    admin: 'Nothing to do; the upload expires by itself.',
  },
  BACKFILL_ACTIVE: {
    area: 'operation',
    status: 409,
    title: 'Backfill active',
    retryable: true,
    class: 'permanent',
    owner: 'A backfill of this project is running or paused; wait until it has ended, or cancel it.',
    admin: 'See `npx darkroom backfills list`.',
  },
  BACKFILL_ENDED: {
    area: 'operation',
    status: 409,
    title: 'Backfill ended',
    retryable: false,
    class: 'permanent',
    owner: 'The backfill is completed or cancelled; apply the preset again for another one.',
    admin: 'Nothing to do.',
  },
  EVENTS_SILENT: {
    area: 'operation',
    status: 503,
    title: 'No events from the store',
    retryable: false,
    class: 'operator',
    owner: 'Uploads are found a little later than usual.',
    admin:
      'Uploads were found by the sweeper and the store had sent no event: look at the event notification rule of the bucket, B2 may have suspended it.',
  },
  CDN_REFUSED: {
    area: 'operation',
    status: 503,
    title: 'CDN refuses to purge',
    retryable: false,
    class: 'operator',
    owner: 'A deleted file may still be in the cache of the CDN.',
    admin:
      'Check `CLOUDFLARE_API_TOKEN` (permission Cache Purge) and `CLOUDFLARE_ZONE_ID` of the workers; what is due is told again by itself.',
  },
  CLOCK_SKEW: {
    area: 'operation',
    status: 503,
    title: 'Clock is wrong',
    retryable: false,
    class: 'operator',
    owner: 'A machine of this installation has a wrong clock.',
    admin: 'Set the clock of the host that the message names (NTP).',
  },
  OBJECT_MISSING: {
    area: 'operation',
    status: 503,
    title: 'Objects are missing in the store',
    retryable: false,
    class: 'operator',
    owner: 'A file that was published is no longer in the store.',
    admin:
      'Run `npx darkroom orphans` for the list; reprocess the assets whose original still stands, restore the others from a backup.',
  },
  // Calls to the outside
  URL_NOT_ALLOWED: {
    area: 'outside',
    status: 422,
    title: 'URL not allowed',
    retryable: false,
    class: 'permanent',
    owner: 'The URL leads where this installation does not call; the detail says what is wrong with it.',
    admin: 'If it is yours and meant to be called, add it to `OUTBOUND_ALLOW`.',
  },
  URL_UNREACHABLE: {
    area: 'outside',
    status: 502,
    title: 'URL unreachable',
    retryable: true,
    class: 'transient',
    owner: 'The host of the URL could not be reached; the detail says why.',
    admin: 'Check the name server and the way out of the workers, if it happens with every host.',
  },
  URL_TIMEOUT: {
    area: 'outside',
    status: 504,
    title: 'URL too slow',
    retryable: true,
    class: 'transient',
    owner: 'The host of the URL gave no whole answer in time.',
    admin: 'Nothing to do.',
  },
  TOO_MANY_REDIRECTS: {
    area: 'outside',
    status: 422,
    title: 'Too many redirects',
    retryable: false,
    class: 'permanent',
    owner: 'The URL redirects again and again; give the one that it ends at.',
    admin: 'Nothing to do.',
  },
  IMPORT_NOT_FOUND: {
    area: 'outside',
    status: 422,
    title: 'Import not found',
    retryable: false,
    class: 'permanent',
    owner: 'The host says that there is nothing at the URL.',
    admin: 'Requeue the job when the file is there; the URL is kept as long as a failed source.',
  },
  IMPORT_REFUSED: {
    area: 'outside',
    status: 422,
    title: 'Import refused',
    retryable: false,
    class: 'permanent',
    owner: 'The host does not give the file out; the detail has the status that it answered.',
    admin: 'A signed URL may have run out: the owner imports again with a fresh one.',
  },
  IMPORT_UNAVAILABLE: {
    area: 'outside',
    status: 502,
    title: 'Import unavailable',
    retryable: true,
    class: 'transient',
    owner: 'The host of the URL cannot answer now; it is tried again by itself.',
    admin: 'Nothing to do; requeue the job when the host is well again.',
  },
  WEBHOOK_REFUSED: {
    area: 'outside',
    status: 502,
    title: 'Webhook refused',
    retryable: true,
    class: 'transient',
    owner: 'Your endpoint answered with another status than 2xx; redirects are not followed.',
    admin: 'Nothing to do; the delivery shows what the endpoint answered.',
  },
  WEBHOOK_LIMIT: {
    area: 'outside',
    status: 422,
    title: 'Too many webhooks',
    retryable: false,
    class: 'limit',
    owner: 'The project has as many webhook endpoints as it may; delete one first.',
    admin: 'Nothing to do.',
  },
  WEBHOOK_DISABLED: {
    area: 'outside',
    status: 409,
    title: 'Webhook disabled',
    retryable: false,
    class: 'permanent',
    owner: 'The endpoint is disabled; enable it with `PATCH {"enabled": true}` first.',
    admin: 'Look at `disabledReason` and `lastError` of the endpoint.',
  },
  WEBHOOK_SECRET_UNREADABLE: {
    area: 'outside',
    status: 500,
    title: 'Webhook secret unreadable',
    retryable: true,
    class: 'operator',
    owner: 'The endpoint’s secret cannot be read any more; rotate it.',
    admin: 'Give every process the `DARKROOM_SECRET` with which the secret was kept, or have the owner rotate it.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERRORS
/** The codes of one area, or of several. */
export type ErrorCodeOf<Area extends ErrorArea> = {
  [Code in ErrorCode]: (typeof ERRORS)[Code]['area'] extends Area ? Code : never
}[ErrorCode]

type TrueKeyOf<Table> = { [Key in keyof Table]: Table[Key] extends true ? Key : never }[keyof Table]

/** The codes of which a table says yes. */
export const codesWhere = <const Table extends Readonly<Record<string, boolean>>>(table: Table): TrueKeyOf<Table>[] =>
  (Object.keys(table) as (keyof Table)[]).filter((code): code is TrueKeyOf<Table> => table[code] === true)

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
