import { join } from 'node:path'
import type { Deployment } from '../deployment/deployment.ts'
import { secondsToSettle, uploadPhotos } from './load.ts'
import type { Scenario } from './scenario.ts'

const SHIFTS_SEC = [60, -60, 300, -300]
const PRELOAD = join(import.meta.dirname, '../nemesis/clock-shift.ts')
const JOBS = 8

const wrongClock: Scenario = {
  number: 13,
  name: 'worker with a wrong clock',
  fault: 'a second worker whose clock is a minute or five minutes ahead or behind, beside a healthy one with slow jobs',
  expected: "leases go by the database's clock: no job is stolen, nothing is done twice, an alarm names the host",
  figure: 's until all is settled',
  async run(context, round) {
    const { deployment } = context
    const shiftSec = SHIFTS_SEC[round.index % SHIFTS_SEC.length] ?? 0
    const wrong = await deployment.processes.start('worker', {
      env: { NODE_OPTIONS: `--import=${PRELOAD}`, CHAOS_CLOCK_SHIFT_MS: `${shiftSec * 1000}` },
    })
    deployment.store.faults.set({ kind: 'delay', ms: 500, match: { operation: 'PutObject', key: 'variants/' } })
    const began = performance.now()
    const before = await stolenJobs(context.deployment)
    await uploadPhotos(context, round, JOBS)
    const took = await secondsToSettle(context, began)
    const stolen = (await stolenJobs(context.deployment)) - before
    round.note('stolen jobs', stolen)
    round.expect(stolen === 0, `clock ${shiftSec} s`, `${stolen} jobs were taken from a living worker`)
    const [alarm] = await deployment.sql`SELECT 1 FROM alarms WHERE code = 'CLOCK_SKEW'`
    round.note('alarms seen', alarm ? 1 : 0)
    await wrong.stop()
    return [took]
  },
}

async function stolenJobs({ sql }: Pick<Deployment, 'sql'>): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM job_attempts WHERE outcome = 'lost its lease'`
  return row?.count ?? 0
}

export const clocks: readonly Scenario[] = [wrongClock]
