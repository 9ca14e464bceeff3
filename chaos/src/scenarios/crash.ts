import type { Crashpoint } from '@darkroom/core'
import type { Service } from '../deployment/service.ts'
import { eventually, scaledTimeout } from '../eventually.ts'
import { secondsToSettle, uploadPhotos } from './load.ts'
import type { Round, Scenario, ScenarioContext } from './scenario.ts'

/** Points that a run passes once for each variant: which one it is, is left to chance. */
const PASSED_OFTEN: ReadonlySet<string> = new Set<Crashpoint>(['variant.after-put', 'variant.after-commit'])
const VARIANTS = 5

export type CrashScenario = Omit<Scenario, 'run' | 'figure'> & { points: readonly Crashpoint[] }

const GIVE_UP_MS = 60_000
const FEED_EVERY_MS = 1500

export function armOf(point: Crashpoint, { random }: Round): string {
  return PASSED_OFTEN.has(point) ? `${point}:${random.int(1, VARIANTS)}` : point
}

/**
 * Workers that kill themselves at a named point. All that run are armed; when the last one is dead, healthy ones come
 * and find what they left. Half a dozen deaths share one wait for leases.
 */
export function crashOfWorkers({ points, ...scenario }: CrashScenario): Scenario {
  return {
    perRound: 5,
    ...scenario,
    figure: 's from the last death until all is settled',
    async run(context, round) {
      const { processes } = context.deployment
      await Promise.all(processes.alive('worker').map(worker => worker.kill()))
      const armed = await Promise.all(
        Array.from({ length: round.faults }, (_, index) => {
          const point = points[(round.index * round.faults + index) % points.length] ?? points[0]
          if (!point) throw new Error('a crash scenario without points')
          return processes.start('worker', { crashpoint: armOf(point, round) })
        }),
      )
      const lastDeath = await feedUntilDead(context, round, armed)
      await processes.complete()
      const helpedAt = performance.now()
      const { boundMs } = scaledTimeout(TAKEOVER_SEC * 1000)
      const took = await secondsToSettle(context, lastDeath)
      await expectTakenOver(context, round, armed, { helpedAt, boundSec: boundMs() / 1000 })
      return [took]
    },
  }
}

/**
 * Longest from a death, or from when somebody was there again, to the next run of a job that it interrupted. Promised are 30 s, which
 * apps/worker/test/gone-workers.test.ts holds a quiet machine to; here deployments share it, and the jobs of one wait for each other. A slow
 * machine has as much longer as it is slower.
 */
const TAKEOVER_SEC = 60

async function expectTakenOver(
  { deployment }: ScenarioContext,
  round: Round,
  dead: Service[],
  { helpedAt, boundSec }: { helpedAt: number; boundSec: number },
): Promise<void> {
  for (const { name, pid, exit } of dead) {
    const from = (performance.timeOrigin + Math.max(exit?.at ?? helpedAt, helpedAt)) / 1000
    const [next] = await deployment.sql<{ seconds: number | null }[]>`
      SELECT max(extract(epoch FROM next.started_at) - ${from}::float8)::float8 AS seconds
      FROM job_attempts lost JOIN job_attempts next ON next.job_id = lost.job_id AND next.attempt = lost.attempt + 1
      WHERE lost.host LIKE ${`%:${pid}`} AND lost.outcome = 'lost its lease'`
    const seconds = next?.seconds ?? 0
    round.expect(seconds < boundSec, name, `a job of it ran again only ${seconds.toFixed(1)} s later`)
  }
}

/** Uploads until each armed worker has met its point. @returns when the last one died */
async function feedUntilDead(context: ScenarioContext, round: Round, armed: Service[]): Promise<number> {
  await uploadPhotos(context, round, armed.length * 2)
  const left = () => armed.filter(({ exit }) => exit === null)
  let fedAt = performance.now()
  const feed = async () => {
    if (left().length > 0 && performance.now() - fedAt > FEED_EVERY_MS) {
      await uploadPhotos(context, round, left().length)
      fedAt = performance.now()
    }
    return left().length
  }
  const { isOver } = scaledTimeout(GIVE_UP_MS)
  await eventually('armed processes die', feed, count => count === 0 || isOver(), {
    withinMs: GIVE_UP_MS * 2,
    everyMs: 50,
  })
  round.expect(left().length === 0, 'crash points', `${left().length} of ${armed.length} workers never passed theirs`)
  const wrong = armed.filter(({ exit }) => exit && exit.signal !== 'SIGKILL')
  round.expect(
    wrong.length === 0,
    'crash points',
    `not by their own hand: ${wrong.map(one => one.logTail()).join('\n')}`,
  )
  return Math.max(...armed.map(({ exit }) => exit?.at ?? performance.now()))
}
