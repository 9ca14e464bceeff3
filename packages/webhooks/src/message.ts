import type { EventMessage } from '@darkroom/contracts'

/** Renders an event as clients are told of it, in the feed and in webhooks. */
export function renderMessage(event: {
  type: string
  assetId: string | null
  seq: number
  data: Record<string, unknown>
  createdAt: Date
}): EventMessage {
  return {
    type: event.type,
    timestamp: event.createdAt.toISOString(),
    data: { ...event.data, ...(event.assetId && { assetId: event.assetId, revision: event.seq }) },
  }
}
