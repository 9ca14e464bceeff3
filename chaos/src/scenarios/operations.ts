import { setTimeout as sleep } from 'node:timers/promises'
import { untilSettled } from '../checker/wait-until-settled.ts'
import type { Started } from '../client/client.ts'
import { makePhoto } from '../client/photo.ts'
import { awaitLater, secondsSince, secondsToSettle, uploadPhotos } from './load.ts'
import { failedJobs } from './outage.ts'
import type { Scenario, ScenarioContext } from './scenario.ts'

/** More than the dispatcher dispatches at once. */
const BACKLOG = 120
const SMALL_TENANT = 6

const backlog: Scenario = {
  number: 37,
  name: 'backlog of one tenant, a few files of another',
  fault: `one project has ${BACKLOG} images and a large one queued; then another project uploads ${SMALL_TENANT}`,
  expected: 'the small one is served between, not behind',
  figure: 'part of the time of the backlog that the last file of the small tenant waited',
  workers: 2,
  async run(context, round) {
    const { client, other, timing, deployment } = context
    const big = await makePhoto(round.random, { width: 6000, height: 4000 })
    const began = performance.now()
    await Promise.all([client.upload(big), uploadPhotos(context, round, BACKLOG)])
    const arrived = performance.now()
    const photos = await Promise.all(Array.from({ length: SMALL_TENANT }, () => makePhoto(round.random)))
    const small = await Promise.all(photos.map(photo => other.upload(photo)))
    await Promise.all(small.map(({ asset }) => other.settled(asset.id, timing.settleMs)))
    const waitSec = secondsSince(arrived)
    await untilSettled(deployment, timing.settleMs)
    const drainSec = secondsSince(began)
    round.note('s that the small tenant waited, in all rounds', Math.round(waitSec * 10) / 10)
    round.note('s that the backlog took, in all rounds', Math.round(drainSec * 10) / 10)
    round.expect(waitSec < drainSec * FAIR_PART, 'small tenant', `waited ${waitSec} s of ${drainSec} s`)
    return [waitSec / drainSec]
  },
}

const FAIR_PART = 0.6

/** Starts a stream of uploads that continues until it is stopped. */
function startStream(context: ScenarioContext, random: Parameters<typeof makePhoto>[0], everyMs: number) {
  let isOver = false
  const uploads: Promise<Started>[] = []
  const loop = (async () => {
    while (!isOver) {
      uploads.push(awaitLater(makePhoto(random).then(photo => context.client.upload(photo))))
      await sleep(everyMs)
    }
  })()
  return async () => {
    isOver = true
    await loop
    return Promise.all(uploads)
  }
}

const rolling: Scenario = {
  number: 38,
  name: 'rolling deploy',
  fault: 'every API and worker is replaced in turn under load, while the schema of the next version comes',
  expected: 'old and new run side by side; no job fails and no upload is refused',
  figure: 's until the last process was replaced',
  workers: 2,
  apis: 2,
  async run(context, round) {
    const { processes, sql } = context.deployment
    const failedBefore = await failedJobs(context)
    const end = startStream(context, round.random, 150)
    const began = performance.now()
    // What the next version's migration may do while this version runs: add.
    await sql.unsafe(
      `ALTER TABLE assets ADD COLUMN next_${round.index} text; ALTER TABLE jobs ADD COLUMN next_${round.index} integer`,
    )
    for (const old of processes.alive()) {
      await processes.start(old.role)
      const exit = await old.stop()
      round.expect(exit.code === 0, old.role, `ended with ${exit.signal ?? exit.code}`)
    }
    const took = secondsSince(began)
    await end()
    await untilSettled(context.deployment, context.timing.settleMs)
    round.expect((await failedJobs(context)) === failedBefore, 'jobs', 'failed in a deploy')
    return [took]
  },
}

const FLAPS = 5

const rivals: Scenario = {
  number: 39,
  name: 'several schedulers at once',
  fault: 'three workers with maintenance each; the session of the leading dispatcher is terminated again and again',
  expected: 'leadership changes hands; nothing is done twice',
  figure: 's from the first change until all is settled',
  workers: 3,
  async run(context, round) {
    const { sql, store } = context.deployment
    // More than the workers can take at once, so that something could be dispatched twice.
    store.faults.set({ kind: 'delay', ms: 400, match: { operation: 'GetObject', key: 'uploads/' } })
    const began = performance.now()
    const uploads = awaitLater(uploadPhotos(context, round, 20))
    for (let flap = 0; flap < FLAPS; flap++) {
      const cut = await sql`SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
        WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database() AND a.pid <> pg_backend_pid()`
      round.note('leaders deposed', cut.length)
      await sleep(round.random.int(50, 800))
    }
    await uploads
    return [await secondsToSettle(context, began)]
  },
}

export const operations: readonly Scenario[] = [backlog, rolling, rivals]
