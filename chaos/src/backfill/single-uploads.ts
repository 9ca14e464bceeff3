import { setTimeout as sleep } from 'node:timers/promises'
import { makePhoto } from '../client/photo.ts'
import type { Random } from '../random.ts'
import { percentile } from '../runner/statistics.ts'
import type { ScenarioContext } from '../scenarios/scenario.ts'

/** What somebody who waits for one upload sees. */
export interface SingleUpload {
  /** From confirm to ready, by the database's clock. */
  ms: number
  /** Of it, until a worker began. */
  waitMs: number
  /** How often a worker began; more than once when one lost its lease. */
  attempts: number
  /** By `performance.now()`. */
  from: number
  to: number
}

const WITHIN_MS = 120_000

/** Uploads one photo after the other, each that many milliseconds after the one before is ready, until told to stop. */
export async function uploadSingly(
  { client }: ScenarioContext,
  random: Random,
  pauseMs: number,
  isEnough: (uploads: readonly SingleUpload[]) => boolean,
): Promise<SingleUpload[]> {
  const uploads: SingleUpload[] = []
  while (!isEnough(uploads)) {
    const from = performance.now()
    const started = await client.start(await makePhoto(random))
    await client.put(started)
    const { jobId } = await client.confirm(started)
    const { asset } = started
    const settled = await client.settled(asset.id, WITHIN_MS)
    if (settled?.status !== 'ready') throw new Error(`a single upload is ${settled?.status ?? 'not settled'}`)
    const since = (time: string | null | undefined) => Date.parse(time ?? '') - Date.parse(settled.confirmedAt ?? '')
    const { startedAt, attempt: attempts } = await client.job(jobId)
    uploads.push({ ms: since(settled.readyAt), waitMs: since(startedAt), attempts, from, to: performance.now() })
    await sleep(pauseMs)
  }
  return uploads
}

export interface LatencySummary {
  count: number
  p50Ms: number
  p95Ms: number
  /** The median time in the queue. */
  waitMs: number
  slowest: SingleUpload | undefined
}

export const summarizeLatency = (uploads: readonly SingleUpload[]): LatencySummary => {
  const times = uploads.map(({ ms }) => ms)
  return {
    count: times.length,
    p50Ms: percentile(times, 0.5) ?? Number.NaN,
    p95Ms: percentile(times, 0.95) ?? Number.NaN,
    waitMs:
      percentile(
        uploads.map(({ waitMs }) => waitMs),
        0.5,
      ) ?? Number.NaN,
    slowest: uploads.toSorted((one, two) => two.ms - one.ms)[0],
  }
}
