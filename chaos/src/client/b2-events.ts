import { createHmac, randomUUID } from 'node:crypto'
import { EVENT_SECRET, PRIVATE_BUCKET } from '../world/settings.ts'

/** An event notification as B2 sends it. */
export interface B2Event {
  eventId: string
  body: string
}

interface EventFacts {
  objectName: string
  objectSize: number
  objectVersionId: string
  /** How long ago it happened. */
  ageMs?: number
}

export function uploadEvent({ ageMs = 0, ...object }: EventFacts): B2Event {
  const eventId = randomUUID().replaceAll('-', '')
  const event = {
    accountId: 'local',
    bucketId: 'local',
    bucketName: PRIVATE_BUCKET,
    eventId,
    eventTimestamp: Date.now() - ageMs,
    eventType: 'b2:ObjectCreated:Upload',
    eventVersion: 1,
    matchedRuleName: 'uploads',
    ...object,
  }
  return { eventId, body: JSON.stringify({ events: [event] }) }
}

/** B2's header: HMAC-SHA256 of the raw body. */
export const signatureOf = (body: string, secret = EVENT_SECRET): string =>
  `v1=${createHmac('sha256', secret).update(body).digest('hex')}`

export const SIGNATURE_HEADER = 'x-bz-event-notification-signature'
