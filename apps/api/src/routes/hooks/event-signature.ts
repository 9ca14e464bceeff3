import { createHmac, timingSafeEqual } from 'node:crypto'

const VERSION = 'v1='

/**
 * Verifies the signature of a body: `v1=<lower-case hex of HMAC-SHA256>` over the raw bytes. Of a comma-separated list
 * one has to match, as in Backblaze's SDK. The signature covers no time, so only the event's id reveals a replay.
 * https://www.backblaze.com/docs/cloud-storage-event-notifications-reference-guide
 */
export function isSignedEvent(body: Buffer, header: string | string[] | undefined, secret: string): boolean {
  const expected = Buffer.from(createHmac('sha256', secret).update(body).digest('hex'))
  return [header ?? '']
    .flat()
    .flatMap(value => value.split(','))
    .map(value => value.trim())
    .filter(value => value.startsWith(VERSION))
    .map(value => Buffer.from(value.slice(VERSION.length)))
    .some(given => given.length === expected.length && timingSafeEqual(given, expected))
}
