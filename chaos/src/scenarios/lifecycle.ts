import { setTimeout as sleep } from 'node:timers/promises'
import { untilSettled } from '../checker/wait-until-settled.ts'
import type { Deployment } from '../deployment/deployment.ts'
import type { Service } from '../deployment/service.ts'
import { eventually, scaledTimeout } from '../eventually.ts'
import { secondsSince, uploadPhotos } from './load.ts'
import type { Scenario } from './scenario.ts'

/** Counts the jobs that a worker holds now. The host of an attempt ends with the worker's pid. */
export async function jobsHeldBy({ sql }: Pick<Deployment, 'sql'>, workers: readonly Service[]): Promise<number> {
  const hosts = workers.map(({ pid }) => `%:${pid}`)
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM job_attempts a JOIN jobs j ON j.lease_token = a.lease_token
    WHERE j.status = 'running' AND a.host LIKE ANY(${hosts})`
  return row?.count ?? 0
}

/** Waits until the workers hold so many jobs. Continues without when they never do; the figures show it. */
export async function untilHeld(deployment: Deployment, workers: readonly Service[], wanted: number): Promise<number> {
  const { isOver } = scaledTimeout(20_000)
  const enough = (held: number) => held >= wanted || isOver()
  return eventually('jobs are held', () => jobsHeldBy(deployment, workers), enough, { withinMs: 40_000, everyMs: 20 })
}

const GRACE_SEC = 5
const ACTIVE_JOBS = 20

const drain: Scenario = {
  number: 11,
  name: 'SIGTERM with 20 jobs under way',
  fault: 'SIGTERM to every worker while 20 jobs are on, with a store so slow that half of them cannot end in time',
  expected: 'finished or handed back within the grace period; no job failed, no attempt burned',
  figure: 's until the last worker was gone',
  workers: 3,
  // Each of the three workers gets its own.
  perRound: 3,
  env: { WORKER_CONCURRENCY: '4', WORKER_GRACE_SEC: `${GRACE_SEC}` },
  async run(context, round) {
    const { deployment } = context
    const workers = deployment.processes.alive('worker')
    deployment.store.faults.set({
      kind: 'delay',
      ms: round.random.int(500, 8000),
      match: { operation: 'PutObject', key: 'variants/' },
    })
    await uploadPhotos(context, round, ACTIVE_JOBS)
    round.note('jobs under way at SIGTERM', await untilHeld(deployment, workers, ACTIVE_JOBS))
    const began = performance.now()
    const ends = Promise.all(workers.map(worker => worker.stop()))
    await sleep(round.random.int(0, 500))
    const exits = await ends
    const took = secondsSince(began)
    deployment.store.faults.clear()
    for (const exit of exits) round.expect(exit.code === 0, 'workers', `one ended with ${exit.signal ?? exit.code}`)
    const [burned] = await deployment.sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM jobs WHERE attempt > 1 AND name = 'asset.process'`
    round.expect(burned?.count === 0, 'attempts', `${burned?.count} jobs used up an attempt`)
    return [took]
  },
}

/** Longer than a lease. */
const FREEZE_TABLE_SEC = 70
const WAKE_MS = 3000

const freeze: Scenario = {
  number: 12,
  name: 'worker frozen for longer than its lease',
  fault:
    'SIGSTOP of workers in the middle of a job, the leading dispatcher among them, SIGCONT when others have done their work',
  expected: 'another worker leads and finishes before they wake; whatever the frozen ones still write is fenced off',
  figure: 's from the freeze until all is done without them',
  perRound: 5,
  async run(context, round) {
    const { deployment, timing } = context
    const { processes, store } = deployment
    await Promise.all(processes.alive('worker').map(worker => worker.kill()))
    const frozen = await Promise.all(Array.from({ length: round.faults }, () => processes.start('worker')))
    // Wide enough to be struck in: in the download, in the middle of the variants, or at the last one.
    store.faults.set({ kind: 'delay', ms: 400, match: { operation: 'GetObject', key: 'uploads/' } })
    store.faults.set({ kind: 'delay', ms: 700, match: { operation: 'PutObject', key: 'variants/' } })
    await uploadPhotos(context, round, round.faults * 2)
    await untilHeld(deployment, frozen, frozen.length)
    await Promise.all(
      frozen.map(async worker => {
        await sleep(round.random.int(0, 1200))
        worker.send('SIGSTOP')
      }),
    )
    const began = performance.now()
    round.note('jobs held while frozen', await jobsHeldBy(deployment, frozen))
    store.faults.clear()
    await processes.start('worker')
    const thawAt = sleep(FREEZE_TABLE_SEC * 1000 * Math.max(timing.scale, 0.3))
    const left = await untilSettled(deployment, timing.settleMs)
    const took = secondsSince(began)
    round.expect(left.length === 0, 'frozen workers', `not done before they woke: ${left.join('; ')}`)
    await thawAt
    for (const worker of frozen) worker.send('SIGCONT')
    // What the woken ones still do must be seen by the checker, not cut off by their end.
    await sleep(WAKE_MS)
    const [fenced] = await deployment.sql<{ count: number }[]>`
      SELECT count(*)::int AS count FROM job_attempts WHERE outcome = 'lost its lease'`
    round.note('attempts that lost their lease', fenced?.count ?? 0)
    await Promise.all(frozen.map(worker => worker.stop()))
    return [took]
  },
}

export const lifecycle: readonly Scenario[] = [drain, freeze]
