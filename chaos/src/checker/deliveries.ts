import { messageIdOf } from '@darkroom/webhooks'
import type { Received } from '../client/receiver.ts'
import type { Subscriber } from '../client/subscribers.ts'
import type { Deployment } from '../deployment/deployment.ts'
import { COMMON_ENV } from '../deployment/settings.ts'
import type { Violation, ViolationKind } from './violation.ts'

type Message = { type: string; data: { assetId?: string; revision?: number } }

/** Checks I1 and I5 for webhooks, as their receivers saw them. Call it when everything has been delivered. */
export async function checkDeliveries(
  deployment: Deployment,
  subscribers: readonly Subscriber[],
): Promise<Violation[]> {
  const found = await Promise.all(
    subscribers.map(async subscriber => [
      ...unsigned(subscriber),
      ...underAnotherId(subscriber),
      ...lostOfExpected(subscriber),
      ...(await lostOfLog(deployment, subscriber)),
    ]),
  )
  return found.flat()
}

const accepted = ({ receiver }: Subscriber): Received[] =>
  receiver.received.filter(({ status }) => status !== null && status >= 200 && status < 300)

const violation = (kind: ViolationKind, { name }: Subscriber, what: string, detail: string): Violation => ({
  kind,
  subject: `${what} for ${name}`,
  detail,
})

const unsigned = (subscriber: Subscriber): Violation[] =>
  subscriber.receiver.received
    .filter(({ isSigned }) => !isSigned)
    .map(({ id }) => violation('unclear-error', subscriber, `message ${id}`, 'its signature does not verify'))

/** Finds events under several `webhook-id`s, and ids with several events. */
function underAnotherId(subscriber: Subscriber): Violation[] {
  const { received } = subscriber.receiver
  const distinct = (all: readonly string[]) => new Set(all).size
  const several = (by: 'id' | 'body', of: 'id' | 'body') =>
    [...Map.groupBy(received, one => one[by])].filter(([, same]) => distinct(same.map(one => one[of])) > 1)
  return [
    ...several('body', 'id').map(([body]) => violation('duplicate', subscriber, `message ${body}`, 'has several ids')),
    ...several('id', 'body').map(([id]) => violation('duplicate', subscriber, `message ${id}`, 'has several bodies')),
  ]
}

/** Finds expected messages that the subscriber did not accept. */
function lostOfExpected(subscriber: Subscriber): Violation[] {
  const keyOf = (type: string, assetId?: string, revision?: number) => `${type} of ${assetId} at ${revision}`
  const got = new Set(
    accepted(subscriber).map(({ body }) => {
      const { type, data }: Message = JSON.parse(body)
      return keyOf(type, data.assetId, data.revision)
    }),
  )
  return subscriber.expected
    .map(({ type, assetId, revision }) => keyOf(type, assetId, revision))
    .filter(key => !got.has(key))
    .map(key => violation('lost', subscriber, key, 'was acknowledged to a client and never delivered'))
}

/** Finds events of the log that the subscriber did not accept, whoever caused them. */
async function lostOfLog({ sql }: Deployment, subscriber: Subscriber): Promise<Violation[]> {
  const events = await sql<{ what: string; id: number; delivery: string | null }[]>`
    SELECT e.type || ' ' || e.id AS what, e.id::float8 AS id, d.id AS delivery
    FROM webhook_endpoints w
    JOIN events e ON e.project_id = w.project_id AND e.created_at > w.created_at AND e.type = ANY(w.event_types)
    LEFT JOIN webhook_deliveries d ON d.endpoint_id = w.id AND d.event_id = e.id
    WHERE w.id = ${subscriber.endpointId}`
  const got = new Set(accepted(subscriber).map(({ id }) => id))
  return events
    .filter(({ id, delivery }) => delivery === null || !got.has(messageIdOf(id, COMMON_ENV.DARKROOM_SECRET)))
    .map(({ what, delivery }) =>
      violation('lost', subscriber, what, delivery === null ? 'has no delivery' : 'was never delivered'),
    )
}
