import type { EventType } from '@darkroom/contracts'

// Written down again, so that the page does not carry the contract's schemas. The compiler compares.
const TYPES = {
  'asset.created': true,
  'asset.processing': true,
  'asset.inspected': true,
  'asset.original_stored': true,
  'asset.ready': true,
  'asset.partial': true,
  'asset.failed': true,
  'asset.reprocess': true,
  'asset.reprocess_failed': true,
  'asset.updated': true,
  'asset.moving': true,
  'asset.moved': true,
  'asset.expired': true,
  'asset.source_dropped': true,
  'asset.taken_down': true,
  'asset.takedown_lifted': true,
  'asset.deleting': true,
  'asset.purged': true,
  'asset.deleted': true,
  'variant.ready': true,
  'variant.failed': true,
  'job.started': true,
  'job.returned': true,
  'job.requeued': true,
  'job.cancelled': true,
  'webhook.disabled': true,
} satisfies Record<EventType, true>

export const EVENT_TYPES = Object.keys(TYPES)

/** What most integrations want to hear of. */
export const OUTCOMES: EventType[] = ['asset.ready', 'asset.partial', 'asset.failed']
