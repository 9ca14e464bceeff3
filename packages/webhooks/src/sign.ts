import { Webhook } from 'standardwebhooks'

/**
 * Returns the headers that prove a message: one signature for each secret, over these very bytes and this moment.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signedHeaders(message: {
  /** The same at every attempt, so that a receiver knows a message again. */
  id: string
  body: string
  secrets: readonly string[]
  now: Date
}): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const { id, body, secrets, now } = message
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map(secret => new Webhook(secret).sign(id, now, body)).join(' '),
  }
}
