import { createHmac, timingSafeEqual } from 'node:crypto'

const VERSION = 'v1='

/**
 * Whether a body is signed with the secret: `v1=<lower-case hex of HMAC-SHA256>` over the raw bytes; of a comma list one
 * has to fit, as in Backblaze's own SDK. There is no time in it, so a replay is told by the event's id alone.
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
