import { setTimeout as sleep } from 'node:timers/promises'
import type { Started } from '../client/client.ts'
import { awaitLater, outageMs, secondsToSettle, uploadPhotos } from './load.ts'
import type { Round, ScenarioContext } from './scenario.ts'

const BEFORE = 4
const DURING = 4

/** Something is gone for a while, with work under way and clients that go on uploading. */
export interface Outage {
  tableSec: number
  begin(): unknown
  end(): unknown
}

/**
 * Uploads before and during the outage; what was begun in it must be acknowledged in the end.
 * @returns seconds from its end until all is settled
 */
export async function throughOutage(
  context: ScenarioContext,
  round: Round,
  { tableSec, begin, end }: Outage,
): Promise<number[]> {
  const before = awaitLater(uploadPhotos(context, round, BEFORE))
  // Struck before, while or after they are acknowledged.
  await sleep(round.random.int(0, 400))
  await begin()
  const during: Promise<Started[]>[] = []
  const lengthMs = outageMs(context, round, tableSec)
  for (let index = 0; index < DURING; index++) {
    during.push(awaitLater(uploadPhotos(context, round, 1)))
    await sleep(lengthMs / DURING)
  }
  await end()
  const healed = performance.now()
  await Promise.all([before, ...during])
  return [await secondsToSettle(context, healed)]
}

/**
 * Uploads before and after what is open went silent for good, while what is new works.
 * @returns seconds from then until all is settled
 */
export async function throughSilentFailover(
  context: ScenarioContext,
  round: Round,
  freeze: () => unknown,
): Promise<number[]> {
  const before = awaitLater(uploadPhotos(context, round, BEFORE))
  await sleep(round.random.int(0, 400))
  await freeze()
  const began = performance.now()
  await Promise.all([before, uploadPhotos(context, round, DURING)])
  return [await secondsToSettle(context, began)]
}

/** Attempts that ended with a failure, which an outage must not burn for nothing. */
export async function failedJobs({ deployment }: ScenarioContext): Promise<number> {
  const [row] = await deployment.sql<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM jobs WHERE status = 'failed'`
  return row?.count ?? 0
}
