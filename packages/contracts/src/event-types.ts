/** Everything that is told of, with what it means. The documentation and the filters of webhooks know no other types. */
export const EVENT_TYPES = {
  'asset.created': 'An upload or import was started.',
  'asset.processing': 'The bytes arrived; processing starts.',
  'asset.inspected': 'The file was inspected: its type and facts are known.',
  'asset.original_stored': 'The verified original is stored where clients cannot write.',
  'asset.ready': 'Every variant is ready.',
  'asset.partial':
    'Every required variant is ready; an optional variant failed. With `retryAt` it is retried then, and `asset.ready` may follow.',
  'asset.failed': 'The file could not be processed; `code` says why.',
  'asset.reprocess': 'The asset is being processed again; published variants stay.',
  'asset.reprocess_failed': 'Processing the asset again failed; published variants stay.',
  'asset.updated': 'File name, folder, metadata, tags, external id or the time of its deletion were changed.',
  'asset.moving': 'The project became private: the files are being moved out of the public bucket.',
  'asset.moved': 'The files were moved out of the public bucket.',
  'asset.expired': 'The upload was not confirmed in time.',
  'asset.source_dropped': 'The source of a failed asset was deleted.',
  'asset.taken_down': 'The asset was taken down; the same bytes are refused from now on.',
  'asset.takedown_lifted': 'A takedown was lifted; the same bytes are accepted again.',
  'asset.deleting': 'A deletion was requested.',
  'asset.purged': 'The first pass of the deletion removed every object.',
  'asset.deleted': 'The deletion is complete.',
  'variant.ready': 'The variant `name` is ready.',
  'variant.failed': 'The variant `name` failed; `code` says why, `retryable` whether it is retried automatically.',
  'job.started': 'A worker started the job.',
  'job.returned': 'The job waits for another attempt.',
  'job.requeued': 'An admin requeued the job.',
  'job.cancelled': 'An admin cancelled the job.',
  'job.skipped': 'The job ended without work, because there was nothing to do.',
  'job.failed': 'A move or a deletion failed permanently; the asset stays as it was.',
  'project.deleting': 'The project is closed, and will be deleted at `deletesAt` unless an operator restores it.',
  'project.restored': 'The project was restored before its deletion.',
  'webhook.disabled': 'An endpoint was disabled automatically; see `webhookId` and `reason`.',
} as const satisfies Record<string, string>

export type EventType = keyof typeof EVENT_TYPES
export const isEventType = (type: string): type is EventType => Object.hasOwn(EVENT_TYPES, type)
