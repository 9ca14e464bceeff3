/** Everything that is told of, with what it means. The documentation and the filters of webhooks know no other types. */
export const EVENT_TYPES = {
  'asset.created': 'An upload or import was started.',
  'asset.processing': 'The bytes arrived; the file is worked on.',
  'asset.inspected': 'What the file is has been found out.',
  'asset.original_stored': 'The verified bytes are out of the client’s reach.',
  'asset.ready': 'Every variant stands.',
  'asset.partial':
    'Everything required stands; an optional variant failed. With `retryAt` it is tried again then, and `asset.ready` may follow.',
  'asset.failed': 'The file could not be processed; `code` says why.',
  'asset.reprocess': 'It is made anew; what was published stays.',
  'asset.reprocess_failed': 'Making it anew failed; what was published stays.',
  'asset.updated': 'File name, metadata or tags were changed.',
  'asset.moving': 'Its project is private now: the files go out of the public bucket.',
  'asset.moved': 'Its files are out of the public bucket.',
  'asset.expired': 'The upload was not confirmed in time.',
  'asset.source_dropped': 'The bytes of a failed file are given up.',
  'asset.taken_down': 'It was taken down, and the same bytes are refused from now on.',
  'asset.takedown_lifted': 'The bytes of an asset that was taken down are taken again.',
  'asset.deleting': 'A deletion was asked for.',
  'asset.purged': 'The first pass of the deletion removed every object.',
  'asset.deleted': 'The deletion is complete.',
  'variant.ready': 'The variant `name` stands.',
  'variant.failed': 'The variant `name` failed; `code` says why, `retryable` whether it is tried again by itself.',
  'job.started': 'A worker took the job.',
  'job.returned': 'The job waits for another attempt.',
  'job.requeued': 'An admin put the job in line again.',
  'job.cancelled': 'An admin cancelled the job.',
  'job.skipped': 'The job ended, because there was nothing left to do.',
  'job.failed': 'A move or a deletion failed for good; the asset stays as it was.',
  'project.deleting': 'The project is closed, and is deleted at `deletesAt` unless an operator restores it.',
  'project.restored': 'The deletion of the project was undone.',
  'webhook.disabled': 'An endpoint was disabled by itself: `webhookId` and `reason`.',
} as const satisfies Record<string, string>

export type EventType = keyof typeof EVENT_TYPES
export const isEventType = (type: string): type is EventType => Object.hasOwn(EVENT_TYPES, type)
