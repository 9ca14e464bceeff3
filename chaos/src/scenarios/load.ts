import { untilSettled } from '../checker/settling.ts'
import type { Started } from '../client/client.ts'
import { makePhoto } from '../client/photo.ts'
import type { Round, World } from './scenario.ts'

/** Uploads small photos side by side; resolves when all were acknowledged. */
export async function uploadPhotos({ client }: World, { random }: Round, count: number): Promise<Started[]> {
  const photos = await Promise.all(Array.from({ length: count }, () => makePhoto(random)))
  return Promise.all(photos.map(photo => client.upload(photo)))
}

/** Delivers the bytes of small photos and confirms none. */
export async function deliverPhotos({ client }: World, { random }: Round, count: number): Promise<Started[]> {
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
export async function secondsToSettle({ universe, timing }: World, from: number): Promise<number> {
  await untilSettled(universe, timing.settleMs)
  return secondsSince(from)
}

export const secondsSince = (from: number): number => (performance.now() - from) / 1000

/**
 * Length of an outage that the table gives in seconds, scaled. One in four takes all of it; the others are shorter, so that
 * outages of many lengths meet leases, renewals and retries.
 */
export function outageMs({ timing }: World, { index, random }: Round, tableSec: number): number {
  const isWhole = timing.scale >= 1 || index % 4 === 0
  return tableSec * timing.scale * 1000 * (isWhole ? 1 : 0.05 + random.next() * 0.4)
}

/** A promise that is awaited later: until then its failure must not count as unhandled. */
export function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
