import type { ErrorCode } from '@darkroom/contracts'

const STORE = ['STORE_UNAVAILABLE', 'STORE_CREDENTIALS', 'STORE_CAP_EXCEEDED'] as const satisfies ErrorCode[]
const OPEN_UPLOAD = ['ASSET_DELETED', 'UPLOAD_CONFIRMED', 'UPLOAD_EXPIRED'] as const satisfies ErrorCode[]
const WRITTEN = ['UPLOAD_OFFSET_MISMATCH', 'UPLOAD_LOCKED'] as const satisfies ErrorCode[]
const SIGNED_FILE = ['ASSET_NOT_READY'] as const satisfies ErrorCode[]

/**
 * What an operation refuses with beyond what all of its kind do (`openapi/problems.ts`). Every operation is in
 * it; the OpenAPI document is made from it, and `npm run fuzz` finds a code that is answered and not listed.
 */
export const PROBLEM_CODES: Record<string, readonly ErrorCode[]> = {
  'POST /v1/uploads': [
    ...(['UNSUPPORTED_TYPE', 'DECODER_UNAVAILABLE', 'TOO_LARGE', 'EMPTY_FILE', 'QUOTA_EXCEEDED'] as const),
    ...(['EXTERNAL_ID_TAKEN', 'CONTENT_BLOCKED', ...OPEN_UPLOAD, ...STORE] as const),
  ],
  'POST /v1/uploads/batch': [...STORE],
  'POST /v1/uploads/confirm': [...STORE],
  'GET /v1/uploads/{id}': ['ASSET_DELETED', ...STORE],
  'POST /v1/uploads/{id}/renew': [...OPEN_UPLOAD, ...STORE],
  'POST /v1/uploads/{id}/parts': [...OPEN_UPLOAD, ...STORE],
  'POST /v1/uploads/{id}/confirm': [
    ...(['ASSET_DELETED', 'UPLOAD_EXPIRED', 'UPLOAD_INCOMPLETE', 'SIZE_MISMATCH', 'INVALID_PARTS'] as const),
    ...(['UNSUPPORTED_TYPE', ...STORE] as const),
  ],
  'DELETE /v1/uploads/{id}': OPEN_UPLOAD,
  'POST /v1/tus': [
    ...(['TUS_VERSION_UNSUPPORTED', 'UNSUPPORTED_TYPE', 'DECODER_UNAVAILABLE', 'TOO_LARGE', 'EMPTY_FILE'] as const),
    ...(['QUOTA_EXCEEDED', 'EXTERNAL_ID_TAKEN', 'CONTENT_BLOCKED', ...OPEN_UPLOAD, ...WRITTEN, ...STORE] as const),
  ],
  'POST /v1/uploads/forms': [],
  'POST /v1/uploads/form': [
    ...(['UNAUTHORIZED', 'PROJECT_DELETING', 'RATE_LIMITED', 'UNSUPPORTED_TYPE', 'DECODER_UNAVAILABLE'] as const),
    ...(['TOO_LARGE', 'EMPTY_FILE', 'QUOTA_EXCEEDED', ...OPEN_UPLOAD, ...STORE] as const),
  ],
  'HEAD /v1/tus/{id}': ['TUS_VERSION_UNSUPPORTED', 'ASSET_DELETED', 'UPLOAD_EXPIRED', ...WRITTEN, ...STORE],
  'PATCH /v1/tus/{id}': ['TUS_VERSION_UNSUPPORTED', 'TOO_LARGE', ...OPEN_UPLOAD, ...WRITTEN, ...STORE],
  'DELETE /v1/tus/{id}': ['TUS_VERSION_UNSUPPORTED', ...OPEN_UPLOAD, 'UPLOAD_LOCKED'],
  'POST /v1/imports': [
    ...(['URL_NOT_ALLOWED', 'UNSUPPORTED_TYPE', 'DECODER_UNAVAILABLE', 'QUOTA_EXCEEDED'] as const),
    ...(['EXTERNAL_ID_TAKEN', 'ASSET_DELETED'] as const),
  ],

  'GET /v1/assets': [],
  'POST /v1/assets/status': [],
  'POST /v1/assets/bulk': [],
  'GET /v1/folders': [],
  'GET /v1/assets/{id}': ['ASSET_DELETED'],
  'GET /v1/assets/{id}/events': ['ASSET_DELETED'],
  'PATCH /v1/assets/{id}': ['ASSET_DELETED', 'PRECONDITION_FAILED', 'EXTERNAL_ID_TAKEN'],
  'DELETE /v1/assets/{id}': ['ASSET_DELETED', 'PRECONDITION_FAILED'],
  'POST /v1/assets/{id}/reprocess': [
    ...(['ASSET_DELETED', 'ASSET_NOT_SETTLED', 'ASSET_NOT_READY', 'SOURCE_GONE', 'UNSUPPORTED_TYPE'] as const),
    'PRECONDITION_FAILED',
  ],
  'GET /v1/assets/{id}/download': ['ASSET_DELETED', ...SIGNED_FILE],
  'GET /v1/assets/{id}/manifest': ['ASSET_DELETED'],
  'GET /v1/assets/{id}/view': ['ASSET_DELETED'],
  'GET /v/{token}/{file}': [
    ...(['VIEW_ENDED', 'ASSET_DELETED', 'OUTPUT_TOO_LARGE', 'RATE_LIMITED', 'PROJECT_DELETING'] as const),
    ...STORE,
  ],
  'POST /v1/assets/{id}/takedown': [],
  'GET /v1/assets/{id}/receipt': [],

  'POST /v1/assets/{id}/shares': ['ASSET_DELETED', 'TOO_MANY_SHARES'],
  'GET /v1/assets/{id}/shares': ['ASSET_DELETED'],
  'GET /v1/assets/{id}/shares/{shareId}': ['ASSET_DELETED'],
  'DELETE /v1/assets/{id}/shares/{shareId}': ['ASSET_DELETED'],
  'GET /s/{token}': ['SHARE_ENDED', 'PROJECT_DELETING', ...SIGNED_FILE],

  'GET /v1/jobs/{id}': ['ASSET_DELETED'],

  'GET /v1/presets': [],
  'POST /v1/presets': [],
  'GET /v1/presets/{name}': [],
  'GET /v1/presets/{name}/{version}': [],
  'POST /v1/presets/{name}/plan': [],
  'POST /v1/presets/{name}/apply': ['BACKFILL_ACTIVE'],
  'GET /v1/backfills': [],
  'GET /v1/backfills/{id}': [],
  'POST /v1/backfills/{id}/pause': ['BACKFILL_ENDED'],
  'POST /v1/backfills/{id}/resume': ['BACKFILL_ENDED'],
  'POST /v1/backfills/{id}/cancel': ['BACKFILL_ENDED'],

  'GET /v1/events': [],
  'GET /v1/webhooks': [],
  'POST /v1/webhooks': ['URL_NOT_ALLOWED', 'WEBHOOK_LIMIT'],
  'GET /v1/webhooks/{id}': [],
  'PATCH /v1/webhooks/{id}': ['URL_NOT_ALLOWED'],
  'DELETE /v1/webhooks/{id}': [],
  'POST /v1/webhooks/{id}/rotate': [],
  'GET /v1/webhooks/{id}/deliveries': [],
  'POST /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver': ['WEBHOOK_DISABLED'],
  'POST /v1/webhooks/{id}/replay': ['WEBHOOK_DISABLED'],
  'POST /v1/webhooks/{id}/test': ['WEBHOOK_DISABLED'],

  'GET /v1/status': [],
  'GET /healthz': [],
  'GET /readyz': [],
  'GET /metrics': [],
  'POST /v1/hooks/b2': ['UNAUTHORIZED', 'NOT_FOUND'],

  'GET /v1/admin/jobs': ['NOT_FOUND'],
  'GET /v1/admin/jobs/{id}': [],
  'POST /v1/admin/jobs/{id}/requeue': ['JOB_NOT_REQUEUEABLE', 'ASSET_DELETED', 'SOURCE_GONE'],
  'POST /v1/admin/jobs/requeue': ['NOT_FOUND'],
  'POST /v1/admin/jobs/{id}/cancel': ['JOB_SETTLED'],
  'GET /v1/admin/assets/{id}/explain': [],
  'GET /v1/admin/checks': [],
  'GET /v1/admin/queues': [],
  'POST /v1/admin/queues/{name}/pause': [],
  'POST /v1/admin/queues/{name}/resume': [],
  'POST /v1/admin/rebuild-queue': [],
  'GET /v1/admin/quarantine': ['NOT_FOUND'],
  'POST /v1/admin/quarantine': ['NOT_FOUND'],
  'GET /v1/admin/quarantine/{id}': [],
  'DELETE /v1/admin/quarantine/{id}': [],
  'DELETE /v1/admin/alarms/{id}': [],
  'GET /v1/admin/takedowns': ['NOT_FOUND'],
  'DELETE /v1/admin/takedowns/{id}': [],

  'POST /v1/admin/projects': ['PROJECT_NAME_TAKEN', 'NOT_FOUND'],
  'GET /v1/admin/projects': [],
  'GET /v1/admin/projects/{id}': [],
  'GET /v1/admin/projects/{id}/usage': ['PROJECT_DELETED'],
  'PATCH /v1/admin/projects/{id}': ['PROJECT_NAME_TAKEN', 'PROJECT_DELETING', 'PROJECT_DELETED'],
  'DELETE /v1/admin/projects/{id}': ['LOCAL_PROJECT', 'PROJECT_DELETED'],
  'POST /v1/admin/projects/{id}/restore': ['PROJECT_DELETED'],
  'POST /v1/admin/projects/{id}/keys': ['PROJECT_DELETING', 'PROJECT_DELETED'],
  'GET /v1/admin/projects/{id}/keys': ['PROJECT_DELETED'],
  'POST /v1/keys': ['NOT_FOUND'],
  'GET /v1/keys': [],
  'POST /v1/admin/keys': ['NOT_FOUND'],
  'GET /v1/admin/keys': [],
  'GET /v1/admin/keys/{id}': [],
  'POST /v1/admin/keys/{id}/rotate': [],
  'DELETE /v1/admin/keys/{id}': [],
  'GET /v1/keys/{id}': [],
  'POST /v1/keys/{id}/rotate': [],
  'DELETE /v1/keys/{id}': [],
  'GET /v1/usage': [],
  'POST /v1/admin/usage/reconcile': [],
}
