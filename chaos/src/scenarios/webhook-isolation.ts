import { setTimeout as sleep } from 'node:timers/promises'
import type { Behaviour } from '../client/receiver.ts'
import type { Subscriber } from '../client/subscribers.ts'
import { percentile } from '../runner/statistics.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'
import { acceptedBy, change, readyAsset, UPDATED, untilAccepted } from './webhook-load.ts'

const TABLE_EVENTS = 10_000
/** Of a type that the quick receivers do not ask for, so that what they wait for is not their own backlog. */
const FLOOD = 'asset.inspected'
const FLOOD_PAGE = 500
const SLOW_MS = 2000
const QUICK = 3
const PROBES = 100
const PROBE_EVERY_MS = 40
/** What the slowest probes may wait more than before, besides twice as long. */
const SLACK_SEC = 1

const SLOWNESS: readonly [name: string, behaviour: Behaviour][] = [
  ['slow', { status: 204, afterMs: SLOW_MS }],
  ['hanging', 'hang'],
]

/** Inserts rows as the product appends them, a page per transaction: this tests the receivers, not the API. */
async function flood({ deployment: { sql } }: ScenarioContext, assetId: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += FLOOD_PAGE) {
    await sql`
      INSERT INTO events (project_id, asset_id, seq, type, data)
      SELECT project_id, id, revision, ${FLOOD}, jsonb_build_object('number', number)
      FROM assets, generate_series(${from + 1}::int, ${Math.min(count, from + FLOOD_PAGE)}::int) AS number
      WHERE id = ${assetId}`
  }
}

/** Changes an asset again and again. @returns seconds from each answer until each quick receiver knew */
async function probe(context: ScenarioContext, assetId: string, quick: readonly Subscriber[]): Promise<number[]> {
  const changedAt = new Map<number, number>()
  for (let count = 0; count < PROBES; count++) {
    const { revision, at } = await change(context, assetId)
    changedAt.set(revision, at)
    await sleep(PROBE_EVERY_MS)
  }
  await Promise.all(quick.map(subscriber => untilAccepted(subscriber, context.timing.settleMs)))
  return quick.flatMap(({ receiver }) =>
    receiver.received.flatMap(({ body, at }) => {
      const changed = changedAt.get(JSON.parse(body).data.revision)
      // It may come before the answer to the change.
      return changed === undefined ? [] : [Math.max(0, at - changed) / 1000]
    }),
  )
}

const p99 = (seconds: readonly number[]): number => percentile(seconds, 0.99) ?? Number.NaN

export const isolation: Scenario = {
  number: 36,
  name: 'webhook receiver that is slow gets a flood',
  fault: `${TABLE_EVENTS} events, scaled, for a receiver that answers after ${SLOW_MS / 1000} s or never`,
  expected: 'the receivers beside it are told as soon as before; the slow one gets all of it in the end',
  figure: 'p99 of the others during the flood, s from a change to its message',
  backends: ['postgres'],
  workers: 2,
  maxTrials: 4,
  async run(context, round) {
    const { subscribers, timing } = context
    const assetId = await readyAsset(context, round)
    const quick = await Promise.all(
      Array.from({ length: QUICK }, (_, index) => subscribers.open(`quick ${index + 1}`, [UPDATED])),
    )
    const before = p99(await probe(context, assetId, quick))
    const [name, behaviour] = SLOWNESS[round.index % SLOWNESS.length] ?? ['slow', 'hang']
    const slow = await subscribers.open(name, [FLOOD])
    slow.receiver.behave(behaviour)
    const events = Math.round(TABLE_EVENTS * timing.scale)
    await flood(context, assetId, events)
    const during = p99(await probe(context, assetId, quick))
    const served = acceptedBy(slow)
    round.note('events of the floods', events)
    round.note('answered by the slow one while the others were measured', served)
    round.note('ms of p99 before, in all rounds', Math.round(before * 1000))
    round.note('ms of p99 during, in all rounds', Math.round(during * 1000))
    round.expect(served < events / 2, name, `had ${served} of ${events} when the others were measured: no flood`)
    round.expect(during < before * 2 + SLACK_SEC, 'the others', `waited ${during} s, and ${before} s before`)
    round.note('most requests open at once at the slow one, in all rounds', slow.receiver.mostAtOnce)
    return [during]
  },
}
