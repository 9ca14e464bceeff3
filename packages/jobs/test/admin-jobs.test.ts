import { newId } from '@darkroom/core'
import { type AdminJobRow, listAdminJobs } from '@darkroom/db/jobs'
import { type SQL, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { useTestDatabase } from '../../db/test/database.ts'
import { countRequeueable, requeueJobs } from '../src/sql/index.ts'
import { insertManyJobs } from './many-jobs.ts'

const JOBS = 50_000

const test = useTestDatabase()
let projectId: string
beforeAll(async () => {
  const { db } = test.database
  await db.transaction(tx => insertManyJobs(tx, test.presetId, JOBS))
  await db.execute(sql`ANALYZE`)
  const [row] = await db.execute<{ id: string }>(sql`SELECT id FROM projects WHERE name = 'many-2'`)
  projectId = row?.id ?? ''
}, 120_000)

type Query = Parameters<typeof listAdminJobs>[1]
const query = (overrides: Partial<Query> = {}): Query => ({
  projectId: null,
  sort: '-createdAt',
  limit: 50,
  after: null,
  ...overrides,
})

const list = (overrides?: Partial<Query>) => listAdminJobs(test.database.db, query(overrides))

/** The plan of the statement that finds a page's jobs. */
async function planOf(overrides: Partial<Query>): Promise<string> {
  const plans: string[] = []
  const explaining = new Proxy(test.database.db, {
    get(db, name) {
      if (name !== 'execute') return Reflect.get(db, name)
      return async (statement: SQL) => {
        const lines = await db.execute<{ 'QUERY PLAN': string }>(sql`EXPLAIN ${statement}`)
        plans.push(...lines.map(line => line['QUERY PLAN']))
        return db.execute(statement)
      }
    },
  })
  await listAdminJobs(explaining, query(overrides))
  return plans.join('\n')
}

describe('the list of jobs', () => {
  it.each<[string, () => Partial<Query>, RegExp]>([
    ['all of them', () => ({}), /jobs_by_work/],
    ['a status', () => ({ status: 'failed' }), /jobs_by_work/],
    ['a project', () => ({ projectId }), /jobs_by_project/],
    ['a project and a status', () => ({ projectId, status: 'failed' }), /jobs_by_project/],
    ['a name', () => ({ name: 'asset.delete' }), /jobs_by_work/],
    ['a code', () => ({ code: 'TIMEOUT' }), /jobs_by_code/],
    ['a code of a project', () => ({ code: 'TIMEOUT', projectId }), /jobs_by_project_code/],
    ['an asset', () => ({ assetId: newId() }), /jobs_by_asset/],
    ['since an hour', () => ({ createdAfter: new Date(Date.now() - 3_600_000).toISOString() }), /jobs_by_work/],
  ])('of %s comes from an index', async (_, overrides, index) => {
    for (const sort of ['createdAt', '-createdAt'] as const) {
      const plan = await planOf({ ...overrides(), sort })
      expect(plan).toMatch(index)
      expect(plan).not.toContain('Seq Scan on jobs')
    }
  })

  it('answers the newest first, or the oldest', async () => {
    const newest = (await list({ limit: 5 })).map(row => row.job.id)
    const oldest = (await list({ limit: 5, sort: 'createdAt' })).map(row => row.job.id)
    expect(newest).toEqual(newest.toSorted().toReversed())
    expect(oldest).toEqual(oldest.toSorted())
    expect(newest.at(-1)).not.toBe(oldest[0])
    expect((oldest[0] ?? '') < (newest.at(-1) ?? '')).toBe(true)
  })

  it('pages through all without a gap and without a repetition', async () => {
    const seen: string[] = []
    let after: string | null = null
    for (;;) {
      const page = await list({ status: 'cancelled', limit: 200, after })
      seen.push(...page.map(row => row.job.id))
      after = page.at(-1)?.job.id ?? null
      if (page.length < 200) break
    }
    const [row] = await test.database.db.execute(sql`SELECT count(*)::int AS jobs FROM jobs WHERE status = 'cancelled'`)
    expect([seen.length, new Set(seen).size]).toEqual([row?.jobs, row?.jobs])
    expect(seen.length).toBeGreaterThan(400)
  })

  it.each<[string, () => Partial<Query>, (row: AdminJobRow) => boolean]>([
    ['status', () => ({ status: 'queued' }), row => row.job.status === 'queued'],
    ['project', () => ({ projectId }), row => row.job.projectId === projectId],
    ['name', () => ({ name: 'asset.delete' }), row => row.job.name === 'asset.delete'],
    ['queue', () => ({ queue: 'video' }), row => row.job.queue === 'video'],
    ['lane', () => ({ lane: 'retry' }), row => row.job.lane === 'retry'],
    ['code', () => ({ code: 'TIMEOUT' }), row => row.job.error?.code === 'TIMEOUT' && row.job.status === 'failed'],
  ])('keeps to the %s', async (_, overrides, fits) => {
    const rows = await list(overrides())
    expect(rows).toHaveLength(50)
    expect(rows.filter(row => !fits(row))).toEqual([])
  })

  it('keeps to a time', async () => {
    const [middle] = await list({ limit: 1, createdAfter: new Date(Date.now() - 89.9 * 86_400_000).toISOString() })
    const moment = middle?.job.createdAt.toISOString() ?? ''
    const after = await list({ createdAfter: moment, sort: 'createdAt', limit: 1 })
    const before = await list({ createdBefore: moment, limit: 1 })
    expect(after).toEqual([])
    expect(before[0]?.job.createdAt.getTime()).toBe(Date.parse(moment) - 1000)
  })

  it('names the file of each', async () => {
    const [row] = await list({ limit: 1 })
    expect(row?.filename).toMatch(/^photo-\d+\.jpg$/)
  })
})

describe('a bulk requeue', () => {
  it('does what its dry run said', async () => {
    const { db } = test.database
    const filter = { projectId: null, status: 'failed', code: 'TIMEOUT' } as const
    const planned = await countRequeueable(db, filter)
    expect(planned).toMatchObject({ requeued: 0, skipped: {} })
    expect(planned.matched).toBeGreaterThan(JOBS / 200)
    expect(await requeueJobs(db, filter)).toEqual({ ...planned, requeued: planned.matched })
    expect(await countRequeueable(db, filter)).toEqual({ matched: 0, requeued: 0, skipped: {} })
    const [row] = await db.execute(sql`
      SELECT count(*)::int AS jobs, bool_and(lane = 'backfill' AND dispatched_at IS NULL) AS waits
      FROM jobs WHERE error->>'code' = 'TIMEOUT' AND status = 'queued'`)
    expect(row).toEqual({ jobs: planned.matched, waits: true })
  })
})
