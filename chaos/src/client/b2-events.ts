import { createHmac, randomUUID } from 'node:crypto'
import { EVENT_SECRET, PRIVATE_BUCKET } from '../deployment/settings.ts'

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

/** Signs a body as B2 does: HMAC-SHA256 of the raw bytes, for its header. */
export const signatureOf = (body: string, secret = EVENT_SECRET): string =>
  `v1=${createHmac('sha256', secret).update(body).digest('hex')}`

export const SIGNATURE_HEADER = 'x-bz-event-notification-signature'
