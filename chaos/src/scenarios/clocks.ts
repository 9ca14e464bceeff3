import { join } from 'node:path'
import type { Universe } from '../world/universe.ts'
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
  async run(world, round) {
    const { universe } = world
    const shiftSec = SHIFTS_SEC[round.index % SHIFTS_SEC.length] ?? 0
    const wrong = await universe.processes.start('worker', {
      env: { NODE_OPTIONS: `--import=${PRELOAD}`, CHAOS_CLOCK_SHIFT_MS: `${shiftSec * 1000}` },
    })
    universe.store.faults.set({ kind: 'delay', ms: 500, match: { operation: 'PutObject', key: 'variants/' } })
    const began = performance.now()
    const before = await stolenJobs(world.universe)
    await uploadPhotos(world, round, JOBS)
    const took = await secondsToSettle(world, began)
    const stolen = (await stolenJobs(world.universe)) - before
    round.note('stolen jobs', stolen)
    round.expect(stolen === 0, `clock ${shiftSec} s`, `${stolen} jobs were taken from a living worker`)
    const [alarm] = await universe.sql`SELECT 1 FROM alarms WHERE code = 'CLOCK_SKEW'`
    round.note('alarms seen', alarm ? 1 : 0)
    await wrong.stop()
    return [took]
  },
}

async function stolenJobs({ sql }: Pick<Universe, 'sql'>): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM job_attempts WHERE outcome = 'lost its lease'`
  return row?.count ?? 0
}

export const clocks: readonly Scenario[] = [wrongClock]
