import type { Subscriber } from '../client/subscribers.ts'
import { eventually } from '../eventually.ts'
import { uploadPhotos } from './load.ts'
import type { Round, World } from './scenario.ts'

/** An event that a client can cause as often as it likes, without any work for a media process. */
export const UPDATED = 'asset.updated'

/** An asset to change, ready. */
export async function readyAsset(world: World, round: Round): Promise<string> {
  const [started] = await uploadPhotos(world, round, 1)
  const assetId = started?.asset.id ?? ''
  await world.client.settled(assetId, world.timing.settleMs)
  return assetId
}

export interface Change {
  revision: number
  /** When the client heard of it, by `performance.now()`. */
  at: number
}

/** Changes the asset; from the answer on, every subscriber is owed the event. */
export async function change({ client, subscribers }: World, assetId: string): Promise<Change> {
  const json = { metadata: { changedAt: performance.now() } }
  const { status, body } = await client.caller.call('PATCH', `/v1/assets/${assetId}`, { json })
  if (status !== 200) throw new Error(`PATCH answered ${status}: ${JSON.stringify(body)}`)
  const { revision } = body as { revision: number }
  subscribers.owe({ type: UPDATED, assetId, revision })
  return { revision, at: performance.now() }
}

export async function changeOften(world: World, assetId: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) await change(world, assetId)
}

/** How many of what it is owed a subscriber has answered with 2xx. */
export const acceptedBy = ({ receiver }: Subscriber): number =>
  new Set(receiver.received.flatMap(({ id, status }) => (status !== null && status < 300 ? [id] : []))).size

/** Until a subscriber has what it is owed, and so many messages besides. */
export const untilAccepted = (subscriber: Subscriber, withinMs: number, more = 0): Promise<number> =>
  eventually(
    `${subscriber.name} has what it is owed`,
    () => subscriber.owed.length + more - acceptedBy(subscriber),
    missing => missing <= 0,
    { withinMs, everyMs: 20 },
  )
