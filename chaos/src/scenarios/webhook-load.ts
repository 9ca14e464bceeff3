import type { Subscriber } from '../client/subscribers.ts'
import { eventually } from '../eventually.ts'
import { uploadPhotos } from './load.ts'
import type { Round, ScenarioContext } from './scenario.ts'

/** An event that a client can cause as often as it likes, without any work for a media process. */
export const UPDATED = 'asset.updated'

/** Uploads an asset that a scenario changes, and waits until it is ready. */
export async function readyAsset(context: ScenarioContext, round: Round): Promise<string> {
  const [started] = await uploadPhotos(context, round, 1)
  const assetId = started?.asset.id ?? ''
  await context.client.settled(assetId, context.timing.settleMs)
  return assetId
}

export interface Change {
  revision: number
  /** When the client heard of it, by `performance.now()`. */
  at: number
}

/** Changes the asset. From the answer on, every subscriber must receive the event. */
export async function change({ client, subscribers }: ScenarioContext, assetId: string): Promise<Change> {
  const json = { metadata: { changedAt: performance.now() } }
  const { status, body } = await client.caller.call('PATCH', `/v1/assets/${assetId}`, { json })
  if (status !== 200) throw new Error(`PATCH answered ${status}: ${JSON.stringify(body)}`)
  const { revision } = body as { revision: number }
  subscribers.expect({ type: UPDATED, assetId, revision })
  return { revision, at: performance.now() }
}

export async function changeOften(context: ScenarioContext, assetId: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) await change(context, assetId)
}

/** Counts the expected messages that a subscriber has answered with 2xx. */
export const acceptedBy = ({ receiver }: Subscriber): number =>
  new Set(receiver.received.flatMap(({ id, status }) => (status !== null && status < 300 ? [id] : []))).size

/** Waits until a subscriber has accepted all expected messages, and so many more. */
export const untilAccepted = (subscriber: Subscriber, withinMs: number, more = 0): Promise<number> =>
  eventually(
    `${subscriber.name} has the expected messages`,
    () => subscriber.expected.length + more - acceptedBy(subscriber),
    missing => missing <= 0,
    { withinMs, everyMs: 20 },
  )
