import { execFile } from 'node:child_process'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { insertManyAssets, type OfferedParameter, type QueryCase, queryCases } from '@darkroom/testing'
import { openSetting } from '../http/setting.ts'
import { percentile } from '../measure/statistics.ts'
import { say } from '../progress.ts'
import { table } from '../report/table.ts'
import { ASSET_SAMPLES, jobSamples } from './samples.ts'

// What lists, search, folders, bulk, jobs and usage take on a large library: every filter, every pair of them, every order.

/** Longest that a request may take, of a hundred 95, in milliseconds. */
const TARGET_MS = 50

const { values } = parseArgs({
  options: {
    assets: { type: 'string', default: '2000000' },
    projects: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    all: { type: 'boolean', default: false },
  },
})
const [assets, projects, rounds] = [Number(values.assets), Number(values.projects), Number(values.rounds)]
if (!assets || !projects || !rounds) throw new Error('every option is a number above 0')

interface Measured {
  area: string
  name: string
  url: string
  body?: object
  key: string
}

await using opened = new AsyncDisposableStack()
const { sql, api } = await openSetting(opened)
say(`filling in ${assets} assets of ${projects} projects`)
await insertManyAssets(sql, { assets, projects })

const CLI = join(import.meta.dirname, '../../../apps/cli/src/main.ts')
const keyOf = async (...args: string[]) =>
  (await promisify(execFile)(process.execPath, [CLI, 'keys', 'create', '--direct', ...args])).stdout.trim()
const key = await keyOf('--project', 'library-7')
const operator = await keyOf('--operator')
const [owner] = await sql`SELECT id FROM projects WHERE name = 'library-7'`
const [some] = await sql`SELECT id FROM assets WHERE project_id = ${owner?.id} ORDER BY id DESC OFFSET 100 LIMIT 1`

const { paths } = await (await fetch(`${api.url}/openapi.json`)).json()
const offered = (path: string): OfferedParameter[] => paths[path].get.parameters

const list = (area: string, path: string, key: string, cases: QueryCase[]): Measured[] =>
  cases.map(({ filters, query }) => ({ area, name: filters, key, url: `${path}?${new URLSearchParams(query)}` }))

const assetCases = queryCases(offered('/v1/assets'), ASSET_SAMPLES)
const isSearch = ({ query }: QueryCase) => 'q' in query
const filterOf = ({ sort: _, ...filter }: Record<string, string>) => filter
const bulkOf = (query: Record<string, string>, action: object): Measured => ({
  area: 'bulk, dry run',
  name: Object.keys(filterOf(query)).join(' + '),
  url: '/v1/assets/bulk',
  body: { ...action, filter: filterOf(query), dryRun: true },
  key,
})
const oncePerFilter = assetCases.filter(({ query }) => query.sort === 'createdAt' && Object.keys(query).length > 1)
const requests: Measured[] = [
  ...list(
    'list',
    '/v1/assets',
    key,
    assetCases.filter(one => !isSearch(one)),
  ),
  ...list('search', '/v1/assets', key, assetCases.filter(isSearch)),
  ...list(
    'folders',
    '/v1/folders',
    key,
    ['', '1', '1/album-30', 'nowhere'].map(prefix => ({ filters: 'prefix', query: { prefix } })),
  ),
  ...oncePerFilter.flatMap(({ query }) => [
    bulkOf(query, { action: 'delete' }),
    bulkOf(query, { action: 'tag', tags: ['all'] }),
  ]),
  ...list('jobs', '/v1/admin/jobs', operator, queryCases(offered('/v1/admin/jobs'), jobSamples(owner?.id, some?.id))),
  ...list('events', '/v1/events', key, [
    { filters: 'nothing', query: {} },
    { filters: 'types', query: { types: 'asset.taken_down' } },
  ]),
  ...list('usage', '/v1/usage', key, [{ filters: 'nothing', query: {} }]),
  ...list('queues', '/v1/admin/queues', operator, [{ filters: 'nothing', query: {} }]),
]

say(`${requests.length} requests, ${rounds} rounds`)
const times = new Map<Measured, number[]>(requests.map(request => [request, []]))
for (let round = 0; round <= rounds; round++) {
  for (const request of requests) {
    const ms = await timeOf(request)
    // The first round only warms what a server that has been up a minute has warm.
    if (round > 0) times.get(request)?.push(ms)
  }
}

async function timeOf({ url, key, body }: Measured): Promise<number> {
  const start = performance.now()
  const answer = await fetch(`${api.url}${url}`, {
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${url} ${JSON.stringify(body)}: ${answer.status} ${text}`)
  return performance.now() - start
}

const row = (name: string, measured: Measured[]) => {
  const all = measured.flatMap(request => times.get(request) ?? [])
  const worst = measured.toSorted((a, b) => p50(b) - p50(a))[0]
  const worstMs = worst ? p50(worst) : 0
  return [
    name,
    String(measured.length),
    percentile(all, 0.5).toFixed(1),
    percentile(all, 0.95).toFixed(1),
    worstMs.toFixed(1),
    worst ? `${worst.url.split('?')[1] ?? ''}${worst.body ? JSON.stringify(worst.body) : ''}` : '',
  ]
}
const p50 = (request: Measured) => percentile(times.get(request) ?? [], 0.5)

const areas = Map.groupBy(requests, one => one.area)
console.log(`\n${assets} assets of ${projects} projects, load average ${(loadavg()[0] ?? 0).toFixed(1)}\n`)
const header = ['what', 'requests', 'p50 ms', 'p95 ms', `slowest (p50 ms)`, 'which']
console.log(
  table(
    header,
    [...areas].map(([area, group]) => row(area, group)),
  ),
)
if (values.all) {
  const groups = Map.groupBy(requests, ({ area, name }) => `${area}: ${name}`)
  console.log(
    `\n${table(
      header,
      [...groups].map(([name, group]) => row(name, group)),
    )}`,
  )
}
const p95 = (group: Measured[]) =>
  percentile(
    group.flatMap(request => times.get(request) ?? []),
    0.95,
  )
const slowAreas = [...areas].filter(([, group]) => p95(group) > TARGET_MS).map(([area]) => area)
const slow = requests.filter(request => p50(request) > TARGET_MS)
console.log(
  `\n95 of 100 requests within ${TARGET_MS} ms: ${slowAreas.length === 0 ? 'pass' : `FAIL in ${slowAreas.join(', ')}`}`,
)
console.log(`${slow.length} of ${requests.length} requests take more than ${TARGET_MS} ms in the median`)
