import type { Violation } from '../checker/violation.ts'
import type { Deployment } from '../deployment/deployment.ts'
import type { Kill } from './kill-during-backfill.ts'

/** What the backfill did, as its rows and the store's own log of writes have it. */
export interface Effects {
  jobs: number
  /** Runs of those jobs beyond one each. */
  repeatedRuns: number
  /** Files that had to be made. */
  files: number
  /** Files that were written and thrown away, because whoever wrote them was killed. */
  repeatedFiles: number
  violations: Violation[]
}

interface EffectsInput {
  backfillId: string
  total: number
  /** New files of each asset. */
  filesPerAsset: number
  kills: readonly Kill[]
  /** How often each key was written. */
  writes: ReadonlyMap<string, number>
}

/**
 * Checks that each asset was processed once: one job, one generation more, each new file once. Only runs that were
 * killed may repeat.
 */
export async function checkEffects({ sql }: Deployment, input: EffectsInput): Promise<Effects> {
  const { backfillId, total, filesPerAsset, kills, writes } = input
  const [row] = await sql<
    { jobs: number; assets: number; generations: number; attempts: number; honest: number; projectId: string }[]
  >`
    SELECT count(*)::int AS jobs, count(DISTINCT i.asset_id)::int AS assets,
      count(*) FILTER (WHERE a.generation = 2)::int AS generations, sum(j.attempt)::int AS attempts,
      count(*) FILTER (WHERE j.attempt = (SELECT count(*) FROM job_attempts t WHERE t.job_id = j.id))::int AS honest
    FROM backfill_items i JOIN jobs j ON j.id = i.job_id JOIN assets a ON a.id = i.asset_id
    WHERE i.backfill_id = ${backfillId}`
  const unlost = await sql<{ job_id: string; outcomes: string[] }[]>`
    SELECT t.job_id, array_agg(coalesce(t.outcome, 'open') ORDER BY t.started_at) AS outcomes
    FROM backfill_items i JOIN job_attempts t ON t.job_id = i.job_id WHERE i.backfill_id = ${backfillId}
    GROUP BY 1 HAVING count(*) FILTER (WHERE t.outcome = 'done') <> 1
      OR count(*) FILTER (WHERE t.outcome NOT IN ('done', 'lost its lease') OR t.outcome IS NULL) > 0`
  const ofBackfill = await keysOf({ sql }, backfillId, writes)
  const jobs = row?.jobs ?? 0
  const repeatedRuns = (row?.attempts ?? 0) - jobs
  const running = kills.reduce((sum, kill) => sum + kill.running, 0)
  const files = total * filesPerAsset
  const repeatedFiles = ofBackfill.length - files
  const twice = [...writes].filter(([, count]) => count > 1)
  const wrong = (kind: Violation['kind'], subject: string, detail: string): Violation => ({ kind, subject, detail })
  const violations = [
    ...(jobs === total && row?.assets === total ? [] : [wrong('duplicate', 'jobs', `${jobs} for ${total} assets`)]),
    ...(row?.generations === total
      ? []
      : [wrong('duplicate', 'generations', `${row?.generations} of ${total} assets are in their second`)]),
    ...(row?.honest === jobs
      ? []
      : [wrong('duplicate', 'attempts', `${row?.honest} of ${jobs} jobs count them right`)]),
    ...unlost.map(({ job_id, outcomes }) =>
      wrong('duplicate', `job ${job_id}`, `its runs ended: ${outcomes.join(', ')}`),
    ),
    ...(repeatedRuns <= running
      ? []
      : [wrong('duplicate', 'runs', `${repeatedRuns} were repeated, and ${running} ran when they were killed`)]),
    ...(repeatedFiles >= 0 && repeatedFiles <= running * filesPerAsset
      ? []
      : [
          wrong(
            'duplicate',
            'files',
            `${ofBackfill.length} were written, ${files} were wanted, ${running} jobs were killed`,
          ),
        ]),
    ...twice.map(([key, count]) => wrong('duplicate', key, `was written ${count} times`)),
  ]
  return { jobs, repeatedRuns, files, repeatedFiles, violations }
}

/** Selects the keys that were written for assets of the backfill, without those of the single uploads beside it. */
async function keysOf(
  { sql }: Pick<Deployment, 'sql'>,
  backfillId: string,
  writes: ReadonlyMap<string, number>,
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`SELECT asset_id AS id FROM backfill_items WHERE backfill_id = ${backfillId}`
  const assets = new Set(rows.map(({ id }) => id))
  // <prefix>/<project>/<asset>/<random>
  return [...writes.keys()].filter(key => assets.has(key.split('/')[2] ?? ''))
}
