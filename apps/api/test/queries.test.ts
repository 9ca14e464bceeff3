import { foldFolders } from '@darkroom/db/assets'
import { createDatabase, type DatabaseClient } from '@darkroom/db/client'
import { insertManyAssets, type OfferedParameter, type QueryCase, queryCases } from '@darkroom/testing'
import { amount, isLongForm } from '@darkroom/testing/samples'
import type { FastifyInstance } from 'fastify'
import postgres, { type Sql } from 'postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { call, createKey, type Page } from './harness.ts'
import { explain, type Statement, type Visit } from './query-plans.ts'
import { useTestApi } from './use-test-api.ts'

/** So many at the size for which lists are made; by default fewer, each project with far more than a request may look at. */
const FULL_ASSETS = 2_000_000
const ASSETS = Number(process.env.QUERIES_TEST_ASSETS ?? 20_000)
const PROJECTS = ASSETS < FULL_ASSETS ? 2 : 20
const LIMIT = 10
/** One of so many requests with the same filters in the same order: no number of values of a filter is a divisor or a multiple of it. */
const SPARSE = 7
/** Statements of one text are explained every so many times: all, where only requests are sent whose statements are to be explained. */
const EXPLAIN_EVERY = amount(1, SPARSE)
/** One of so many lists is compared with what a plain query finds. */
const COMPARE_EVERY = amount(17, 5)
/** So many of what is found are compared with what a plain query finds. */
const COMPARED = 60
/** Rows that a statement may look at: some in the order of the list, twice, and some that are sorted. */
const MOST_VISITED = 8500
/** Pages of 8 KiB, of which a row or an index entry may need several, and a list of jobs has some for each kind of work. */
const MOST_PAGES = 20_000
const MOST_PAGES_OF_JOBS = 3000

/** Longest that it may take to make the rows. */
const FILL_MS = 180_000 + ASSETS

const api = useTestApi()
let app: FastifyInstance
let database: DatabaseClient
let sql: Sql
let statements: Statement[] = []
let key: string
let operator: string
let projectId: string
beforeAll(async () => {
  sql = postgres(api.databaseUrl, { max: 1, onnotice: () => undefined })
  await insertManyAssets(sql, { assets: ASSETS, projects: PROJECTS })
  await insertWideFolder(sql)
  await insertBacklog(sql)
  database = createDatabase(api.databaseUrl, {
    onStatement: (query, parameters) => statements.push({ query, parameters }),
  })
  while ((await database.db.transaction(tx => foldFolders(tx, 5000))) > 0);
  await planForMore(sql, database)
  app = await api.variant({ database })
  ;({ key, projectId } = await createKey(api.deps, { project: 'library-1' }))
  operator = (await createKey(api.deps, { project: null })).key
}, FILL_MS)
afterAll(async () => {
  await database.close()
  await sql.end()
})

/** A folder for each day or user of a large platform. */
async function insertWideFolder(sql: Sql): Promise<void> {
  await sql`
    INSERT INTO folder_totals (project_id, parent, name, assets)
    SELECT id, 'wide', 'folder ' || n, 3 FROM projects, generate_series(1, ${ASSETS}) AS n WHERE name = 'library-1'`
  await sql`ANALYZE folder_totals`
}

/** Of the other project: as much work as may be looked at, and as many failures of one code. */
async function insertBacklog(sql: Sql): Promise<void> {
  const isOfOther = sql`project_id = (SELECT id FROM projects WHERE name = 'library-2')`
  await sql`UPDATE jobs SET status = 'queued', finished_at = NULL WHERE ${isOfOther} AND status = 'succeeded'`
  await sql`
    INSERT INTO jobs (id, project_id, asset_id, name, queue, lane, status, generation, error)
    SELECT gen_random_uuid(), project_id, asset_id, name, queue, lane, 'failed', 1,
      '{"code": "TIMEOUT", "message": "it did not work", "retryable": false}'::jsonb
    FROM jobs WHERE ${isOfOther}`
  await sql`VACUUM ANALYZE jobs`
}

/** Has Postgres plan as for the full number of rows: of few it would rather read all. */
async function planForMore(sql: Sql, { db }: DatabaseClient): Promise<void> {
  for (const table of GROWING) await sql.unsafe(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`)
  await sql`
    UPDATE pg_class SET reltuples = reltuples * ${FULL_ASSETS / ASSETS}::float4
    WHERE oid IN (
      SELECT unnest(ARRAY[indrelid, indexrelid]) FROM pg_index WHERE indrelid::regclass::text IN ${sql(GROWING)}
    )`
  const ofProduct = await db.execute<{ name: string; setting: string }>(
    `SELECT name, setting FROM pg_settings WHERE source = 'client' AND (category LIKE 'Query Tuning%' OR category LIKE 'Resource Usage%') ORDER BY name`,
  )
  expect([...ofProduct]).toEqual([
    { name: 'enable_seqscan', setting: 'off' },
    { name: 'jit', setting: 'off' },
    { name: 'max_parallel_workers_per_gather', setting: '0' },
    { name: 'random_page_cost', setting: '1.1' },
    { name: 'work_mem', setting: '16384' },
  ])
  for (const { name, setting } of ofProduct) await sql`SELECT set_config(${name}, ${setting}, false)`
}

/** What a request looked at, by the plans of its statements, with the values that they had and without. */
async function visitsOf(send: () => ReturnType<typeof call>): Promise<Visit[]> {
  statements = []
  const answer = await send()
  if (answer.statusCode !== 200) throw new Error(answer.body)
  const visits = []
  for (const statement of statements.filter(isNews)) visits.push(...(await explain(sql, statement)))
  return visits
}

/** Statements by an id or a key are the same for all requests. */
const often = new Map<string, number>()
function isNews({ query }: Statement): boolean {
  const times = often.get(query) ?? 0
  often.set(query, times + 1)
  return /^\s*(SELECT|WITH)/i.test(query) && times % EXPLAIN_EVERY === 0
}

/** What must not be: a table that is read as a whole, or more rows than a page may look at. */
function faultsOf(visits: readonly Visit[], mostPages = MOST_PAGES): string[] {
  const wholes = visits.filter(({ node, table }) => node === 'Seq Scan' && GROWING.includes(table))
  const many = [...Map.groupBy(visits, visit => visit.statement).values()].filter(group => sum(group) > MOST_VISITED)
  const wide = new Set(visits.map(({ statement }) => statement).filter(({ pages }) => pages > mostPages))
  return [
    ...[...wide].map(statement => `touches ${statement.pages} pages: ${JSON.stringify(statement)}`),
    ...wholes.map(({ table }) => `reads all of ${table}`),
    ...many.map(group => `visits ${sum(group)} rows: ${JSON.stringify(group)}`),
  ]
}
const sum = (visits: readonly Visit[]) => visits.reduce((total, { rows }) => total + rows, 0)
const GROWING = ['assets', 'asset_tags', 'objects', 'variants', 'jobs', 'events', 'folder_totals', 'folder_deltas']

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString()
const TIMES = { createdAfter: [day(0.1), day(200)], createdBefore: [day(364), day(30)] }
const ASSET_SAMPLES = {
  status: ['ready', 'failed', 'deleted'],
  kind: ['image', 'document'],
  tag: ['all', 'archive', 'rare', 'nowhere'],
  externalId: ['ext-4021', 'nobody'],
  folder: ['', '1/album-30', 'nowhere'],
  sha256: ['5'.repeat(64), '6'.repeat(64)],
  q: ['beach', 'IMG_', 'zebra', 'im', 'z'],
  minBytes: ['1500000', '50999000', '900000000'],
  maxBytes: ['1000500', '8000000'],
  ...TIMES,
}

async function offered(path: string): Promise<OfferedParameter[]> {
  const { paths } = (await call(app, 'GET', '/openapi.json')).json()
  return paths[path].get.parameters
}

/** All in the long form, otherwise those with one filter and some of each pair in each order: the plans that are looked at are as many. */
function sparse(cases: QueryCase[]): QueryCase[] {
  const groups = Map.groupBy(cases, ({ filters, query }) => `${filters} by ${query.sort}`)
  const isTaken = ({ filters }: QueryCase, n: number) => isLongForm || !filters.includes('+') || n % SPARSE === 0
  return [...groups.values()].flatMap(group => group.filter(isTaken))
}

/** The faults of every case, by what it filters. */
async function faultsOfCases(path: string, cases: QueryCase[], key: string, mostPages?: number) {
  const found: Record<string, string[]> = {}
  for (const { query } of sparse(cases)) {
    const parameters = new URLSearchParams({ ...query, limit: String(LIMIT) })
    const faults = faultsOf(await visitsOf(() => call(app, 'GET', `${path}?${parameters}`, { key })), mostPages)
    if (faults.length > 0) found[decodeURIComponent(String(parameters))] = faults
  }
  return found
}

/** The first that fit, by a query that knows no index. */
async function plainlyFound({ sort = '', ...filter }: Record<string, string>): Promise<string[]> {
  const conditions: Record<string, (value: string) => string> = {
    status: value => `status = '${value}'`,
    kind: value => `kind = '${value}'`,
    tag: value => `'${value}' = ANY (tags)`,
    externalId: value => `external_id = '${value}' AND deleted_at IS NULL`,
    folder: value => `folder = '${value}' AND deleted_at IS NULL`,
    sha256: value => `sha256 = '${value}' AND deleted_at IS NULL`,
    q: value => (value.length < 3 ? `filename ~* '\\m${value}'` : `position(lower('${value}') IN lower(filename)) > 0`),
    createdAfter: value => `created_at > '${value}'`,
    createdBefore: value => `created_at < '${value}'`,
    deletion: value => (value === 'any' ? 'true' : 'delete_at IS NOT NULL'),
    minBytes: value => `byte_size >= ${value}`,
    maxBytes: value => `byte_size <= ${value}`,
  }
  const all = Object.entries(filter).map(([name, value]) => conditions[name]?.(value) ?? 'false')
  const column = { createdAt: 'id', filename: 'filename', byteSize: 'byte_size' }[sort.replace('-', '')]
  const direction = sort.startsWith('-') ? 'DESC' : 'ASC'
  const rows = await sql.unsafe(`
    SELECT id FROM assets WHERE project_id = '${projectId}' AND purged_at IS NULL AND ${all.join(' AND ') || 'true'}
    ORDER BY ${column} ${direction}, id ${direction} LIMIT ${COMPARED}`)
  return rows.map(row => String(row.id))
}

describe('however many assets and jobs there are', () => {
  it('every filter, every pair and every order of the list of assets looks at a page', async () => {
    const cases = queryCases(await offered('/v1/assets'), ASSET_SAMPLES)
    expect(cases.length).toBeGreaterThan(1000)
    expect(await faultsOfCases('/v1/assets', cases, key)).toEqual({})
  }, 600_000)

  it('every filter, every pair and every order finds what a plain query finds', async () => {
    const cases = queryCases(await offered('/v1/assets'), ASSET_SAMPLES).filter(
      (_, index) => index % COMPARE_EVERY === 0,
    )
    for (const { query } of cases) {
      const found: string[] = []
      let cursor = ''
      do {
        const parameters = new URLSearchParams({ ...query, limit: '40', ...(cursor && { cursor }) })
        const page = (await call(app, 'GET', `/v1/assets?${parameters}`, { key })).json<Page>()
        found.push(...page.items.map(({ id }) => id))
        cursor = page.nextCursor ?? ''
      } while (cursor && found.length < COMPARED)
      expect([query, found.slice(0, COMPARED)]).toEqual([query, await plainlyFound(query)])
    }
  }, 900_000)

  it('every filter, every pair and every order of the list of jobs looks at a page', async () => {
    const [asset] = await sql`SELECT id FROM assets WHERE project_id = ${projectId} LIMIT 1`
    const samples = {
      status: ['succeeded', 'failed', 'running'],
      queue: ['image', 'audio'],
      lane: ['interactive', 'maintenance'],
      name: ['asset.process', 'asset.move'],
      code: ['TIMEOUT', 'NO_SUCH_CODE'],
      projectId: [projectId],
      assetId: [asset?.id],
      ...TIMES,
    }
    const cases = queryCases(await offered('/v1/admin/jobs'), samples)
    expect(await faultsOfCases('/v1/admin/jobs', cases, operator, MOST_PAGES_OF_JOBS)).toEqual({})
  }, 600_000)

  const folders = ['/v1/folders', '/v1/folders?prefix=1', '/v1/folders?prefix=wide']
  it.each([...folders, '/v1/events', '/v1/events?types=asset.taken_down', '/v1/tags', '/v1/tags?q=album-1'])(
    '%s looks at a page',
    async path => {
      expect(faultsOf(await visitsOf(() => call(app, 'GET', path, { key })))).toEqual([])
    },
  )

  it.each(['', '?tag=rare', '?folder=1/album-30', '?q=beach', '?kind=video', '?minBytes=50999000'])(
    '/v1/assets/counts%s reads no table as a whole',
    async query => {
      const visits = await visitsOf(() => call(app, 'GET', `/v1/assets/counts${query}`, { key }))
      expect(faultsOf(visits).filter(fault => !fault.startsWith('visits'))).toEqual([])
    },
  )

  it('/v1/usage looks at no other jobs than those of its project that are not settled', async () => {
    const unsettled = await sql`
      SELECT id FROM jobs WHERE project_id = ${projectId} AND status IN ('queued', 'running')`
    const visits = await visitsOf(() => call(app, 'GET', '/v1/usage', { key }))
    const perPlan = Map.groupBy(
      visits.filter(({ table }) => table === 'jobs'),
      ({ statement }) => statement,
    )
    expect(faultsOf(visits)).toEqual([])
    expect(perPlan.size).toBeGreaterThan(0)
    for (const ofPlan of perPlan.values()) expect(sum(ofPlan)).toBeLessThan(2 * unsettled.length + 100)
  })

  it.each([
    ['what little has', { tag: 'rare' }],
    ['what much has', { status: 'ready' }],
    ['what nothing has', { tag: 'archive', q: 'PXL_' }],
  ])('a dry run of a bulk change of %s looks at some pages', async (_, filter) => {
    const body = { action: 'tag', tags: ['new'], filter, dryRun: true }
    expect(faultsOf(await visitsOf(() => call(app, 'POST', '/v1/assets/bulk', { key, body })))).toEqual([])
  })
})

it('the measure notices a list that is read as a whole', async () => {
  const whole = { query: 'SELECT id FROM assets WHERE metadata @> $1', parameters: ['{"shop": "south"}'] }
  expect(faultsOf(await explain(sql, whole))).toEqual(expect.arrayContaining(['reads all of assets']))
  const walk = {
    query: `SELECT id FROM assets WHERE purged_at IS NULL AND taken_down_at IS NULL AND project_id = $1 AND metadata @> $2
      ORDER BY id LIMIT 10`,
    parameters: [projectId, '{"shop": "south"}'],
  }
  expect(faultsOf(await explain(sql, walk))).not.toEqual([])
})
