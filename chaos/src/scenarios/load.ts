import { setTimeout as sleep } from 'node:timers/promises'
import { untilSettled } from '../checker/wait-until-settled.ts'
import type { Started } from '../client/client.ts'
import { makePhoto } from '../client/photo.ts'
import type { Round, ScenarioContext } from './scenario.ts'

/** Uploads small photos side by side; resolves when all were acknowledged. */
export async function uploadPhotos({ client }: ScenarioContext, { random }: Round, count: number): Promise<Started[]> {
  const photos = await Promise.all(Array.from({ length: count }, () => makePhoto(random)))
  return Promise.all(photos.map(photo => client.upload(photo)))
}

/** Between two uploads of a client that uploads all the while. */
const PAUSE_MS = 100

/** Uploads one small photo after the other until it is told to stop; resolves when all were acknowledged. */
export async function uploadUntil(
  { client }: Pick<ScenarioContext, 'client'>,
  random: Round['random'],
  isOver: () => boolean,
): Promise<Started[]> {
  const started: Started[] = []
  while (!isOver()) {
    started.push(await client.upload(await makePhoto(random)))
    await sleep(PAUSE_MS)
  }
  return started
}

/** Delivers the bytes of small photos and confirms none. */
export async function deliverPhotos({ client }: ScenarioContext, { random }: Round, count: number): Promise<Started[]> {
  const photos = await Promise.all(Array.from({ length: count }, () => makePhoto(random)))
  return Promise.all(
    photos.map(async photo => {
      const started = await client.start(photo)
      await client.put(started)
      return started
    }),
  )
}

/** Seconds since `from` until nothing is under way any more; what never settles, the checker finds. */
export async function secondsToSettle({ deployment, timing }: ScenarioContext, from: number): Promise<number> {
  await untilSettled(deployment, timing.settleMs)
  return secondsSince(from)
}

export const secondsSince = (from: number): number => (performance.now() - from) / 1000

/**
 * Scales the length of an outage, which the table gives in seconds. One in four takes all of it; the others are
 * shorter, so that outages of many lengths meet leases, renewals and retries.
 */
export function outageMs({ timing }: ScenarioContext, { index, random }: Round, tableSec: number): number {
  const isWhole = timing.scale >= 1 || index % 4 === 0
  return tableSec * timing.scale * 1000 * (isWhole ? 1 : 0.05 + random.next() * 0.4)
}

/** Marks a promise as awaited later: until then its failure must not count as unhandled. */
export function awaitLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
