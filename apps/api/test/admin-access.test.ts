import { raiseAlarm } from '@darkroom/db/operations'
import { claimJob } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, confirmedUpload, createKey, createUpload, problemOf, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let operator: { key: string }
let stranger: { key: string }
let withoutScope: { key: string }
beforeAll(async () => {
  operator = await createKey(api.deps, { project: null })
  stranger = await createKey(api.deps, { project: 'stranger' })
  withoutScope = await createKey(api.deps, { scopes: ['upload', 'read', 'write'] })
})

const SHA = 'a'.repeat(64)

const queuedJob = async () => (await confirmedUpload(api)).job.id
async function quarantined(): Promise<string> {
  const body = { sha256: SHA, reason: 'by hand' }
  return (await api.call('POST', '/v1/admin/quarantine', { body })).json<{ id: string }>().id
}
async function alarm(): Promise<string> {
  const { db } = api.deps.database
  await raiseAlarm(db, { code: 'CLOCK_SKEW', message: 'late' })
  const [row] = await db.execute<{ id: string }>(sql`SELECT id FROM alarms WHERE cleared_at IS NULL`)
  return row?.id ?? ''
}

async function takenDown(): Promise<string> {
  const { asset } = await createUpload(api)
  const answer = await api.call('POST', `/v1/assets/${asset.id}/takedown`, { body: { reason: 'test' } })
  return answer.json<{ takedown: { id: string } }>().takedown.id
}

const ownProject = async () => api.projectId
async function newProject(): Promise<string> {
  const made = await api.call('POST', '/v1/admin/projects', { key: operator.key, body: { name: 'ending' } })
  return made.json<{ id: string }>().id
}
const NEW_KEY = { name: 'made', scopes: ['read'] }
async function someKey(): Promise<string> {
  return (await api.call('POST', '/v1/keys', { body: NEW_KEY })).json<{ id: string }>().id
}

interface Access {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  /** Makes what the id of the path names. */
  make?: () => Promise<string>
  body?: unknown
  query?: string
  status: number
}

const OF_PROJECTS: Access[] = [
  { method: 'GET', path: '/v1/admin/jobs/{id}', make: queuedJob, status: 200 },
  { method: 'POST', path: '/v1/admin/jobs/{id}/requeue', make: queuedJob, status: 202 },
  { method: 'POST', path: '/v1/admin/jobs/{id}/cancel', make: queuedJob, status: 200 },
  {
    method: 'GET',
    path: '/v1/admin/assets/{id}/explain',
    make: async () => (await createUpload(api)).asset.id,
    status: 200,
  },
  { method: 'GET', path: '/v1/admin/quarantine/{id}', make: quarantined, status: 200 },
  { method: 'DELETE', path: '/v1/admin/quarantine/{id}', make: quarantined, status: 204 },
]
const OF_LISTS: Access[] = [
  { method: 'GET', path: '/v1/admin/audit', status: 200 },
  { method: 'GET', path: '/v1/admin/failures', status: 200 },
  { method: 'GET', path: '/v1/admin/jobs', status: 200 },
  { method: 'POST', path: '/v1/admin/jobs/requeue', body: { all: true }, status: 200 },
  { method: 'GET', path: '/v1/admin/takedowns', status: 200 },
  { method: 'GET', path: '/v1/admin/quarantine', status: 200 },
  { method: 'POST', path: '/v1/admin/quarantine', body: { sha256: SHA, reason: 'by hand' }, status: 201 },
]
const OF_OPERATORS: Access[] = [
  { method: 'GET', path: '/v1/admin/checks', status: 200 },
  { method: 'GET', path: '/v1/admin/incidents', status: 200 },
  { method: 'GET', path: '/v1/admin/history', status: 200 },
  { method: 'GET', path: '/v1/admin/orphans', status: 200 },
  { method: 'GET', path: '/v1/admin/projects/{id}/usage/days', make: ownProject, status: 200 },
  { method: 'GET', path: '/v1/admin/queues', status: 200 },
  { method: 'POST', path: '/v1/admin/queues/{name}/pause', make: async () => 'audio', status: 200 },
  { method: 'POST', path: '/v1/admin/queues/{name}/resume', make: async () => 'audio', status: 200 },
  { method: 'POST', path: '/v1/admin/rebuild-queue', status: 200 },
  { method: 'DELETE', path: '/v1/admin/alarms/{id}', make: alarm, status: 204 },
  { method: 'DELETE', path: '/v1/admin/takedowns/{id}', make: takenDown, query: '?reason=test', status: 200 },
  { method: 'GET', path: '/v1/admin/projects', status: 200 },
  { method: 'POST', path: '/v1/admin/projects', body: { name: 'made' }, status: 201 },
  { method: 'GET', path: '/v1/admin/projects/{id}', make: ownProject, status: 200 },
  { method: 'GET', path: '/v1/admin/projects/{id}/usage', make: ownProject, status: 200 },
  { method: 'PATCH', path: '/v1/admin/projects/{id}', make: ownProject, body: {}, status: 200 },
  { method: 'DELETE', path: '/v1/admin/projects/{id}', make: newProject, query: '?confirm=ending', status: 202 },
  { method: 'POST', path: '/v1/admin/projects/{id}/restore', make: ownProject, status: 200 },
  { method: 'GET', path: '/v1/admin/projects/{id}/keys', make: ownProject, status: 200 },
  { method: 'POST', path: '/v1/admin/projects/{id}/keys', make: ownProject, body: NEW_KEY, status: 201 },
  { method: 'GET', path: '/v1/admin/keys', status: 200 },
  { method: 'POST', path: '/v1/admin/keys', body: NEW_KEY, status: 201 },
  { method: 'POST', path: '/v1/admin/usage/reconcile', status: 200 },
  { method: 'GET', path: '/v1/admin/keys/{id}', make: someKey, status: 200 },
  { method: 'POST', path: '/v1/admin/keys/{id}/rotate', make: someKey, status: 201 },
  { method: 'DELETE', path: '/v1/admin/keys/{id}', make: someKey, status: 204 },
]

const ask = ({ method, path, query = '', body }: Access, id: string, key: string | null) =>
  api.call(method, path.replace(/\{\w+\}/, id) + query, { key, ...(body !== undefined && { body }) })

describe.each([...OF_PROJECTS, ...OF_LISTS, ...OF_OPERATORS])('$method $path', access => {
  it('wants a key, and no client token', async () => {
    const { clientToken } = await createUpload(api)
    expect(problemOf(await ask(access, unknownId(), null))).toBe('401 UNAUTHORIZED')
    expect(problemOf(await ask(access, unknownId(), clientToken))).toBe('401 UNAUTHORIZED')
  })

  it('wants the scope admin, of an operator as well', async () => {
    const reader = await createKey(api.deps, { project: null, scopes: ['read'] })
    for (const { key } of [withoutScope, reader])
      expect(problemOf(await ask(access, unknownId(), key))).toBe('403 FORBIDDEN')
  })
})

describe.each(OF_PROJECTS)('$method $path', access => {
  it('answers 404 to another project and for nothing, and works in the own one', async () => {
    const id = (await access.make?.()) ?? ''
    expect(problemOf(await ask(access, id, stranger.key))).toBe('404 NOT_FOUND')
    for (const other of [unknownId(), 'x']) expect(problemOf(await ask(access, other, api.key))).toBe('404 NOT_FOUND')
    expect((await ask(access, id, api.key)).statusCode).toBe(access.status)
  })

  it('works for an operator in every project', async () => {
    expect((await ask(access, (await access.make?.()) ?? '', operator.key)).statusCode).toBe(access.status)
  })
})

describe.each(OF_LISTS.slice(0, 6))('$method $path', access => {
  const naming = (projectId: string): Access =>
    access.method === 'GET'
      ? { ...access, path: `${access.path}?projectId=${projectId}` }
      : { ...access, body: { filter: { projectId } } }

  it('works for a project, which may name itself and no other', async () => {
    expect((await ask(access, '', api.key)).statusCode).toBe(access.status)
    expect((await ask(naming(api.projectId), '', api.key)).statusCode).toBe(access.status)
    expect(problemOf(await ask(naming(api.projectId), '', stranger.key))).toBe('404 NOT_FOUND')
  })

  it('works for an operator, who names any project or none', async () => {
    for (const each of [access, naming(api.projectId)])
      expect((await ask(each, '', operator.key)).statusCode).toBe(access.status)
  })
})

describe.each(OF_OPERATORS)('$method $path', access => {
  it('is for operators', async () => {
    const id = (await access.make?.()) ?? ''
    const refused = await ask(access, id, api.key)
    expect(problemOf(refused)).toBe('403 FORBIDDEN')
    expect(refused.json<{ detail: string }>().detail).toContain('npx darkroom keys create --operator')
    expect((await ask(access, id, operator.key)).statusCode).toBe(access.status)
  })
})

it.each(OF_OPERATORS.filter(({ path }) => path.includes('{id}')))(
  '$method $path answers 404 for what is not there',
  async access => {
    for (const id of [unknownId(), 'x']) expect(problemOf(await ask(access, id, operator.key))).toBe('404 NOT_FOUND')
  },
)

it('covers every route of the admin part', () => {
  const covered = [...OF_PROJECTS, ...OF_LISTS, ...OF_OPERATORS].map(({ method, path }) => `${method} ${path}`)
  const documented = Object.entries(api.app.swagger().paths ?? {}).flatMap(([path, methods]) =>
    Object.entries<{ tags?: readonly string[] }>(methods ?? {})
      .filter(([method, { tags }]) => tags?.includes('Admin') && method !== 'head')
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  )
  expect(documented.toSorted()).toEqual(covered.toSorted())
})

describe('the local key', () => {
  const LOCAL = 'dk_local_development'

  it('is the key of the default project and an operator at once', async () => {
    const app = await api.variant({ settings: { mode: 'local', publicUrl: () => 'http://127.0.0.1:3000' } })
    const headers = { host: '127.0.0.1:3000' }
    for (const url of ['/v1/assets', '/v1/admin/jobs', '/v1/admin/queues'])
      expect((await call(app, 'GET', url, { key: LOCAL, headers })).statusCode).toBe(200)
    const body = { sha256: 'b'.repeat(64), reason: 'by hand' }
    const added = await call(app, 'POST', '/v1/admin/quarantine', { key: LOCAL, headers, body })
    expect(added.json()).toMatchObject({ projectId: api.projectId })
  })
})

describe('an operator', () => {
  it('still reaches nothing that is in a project outside of the admin part', async () => {
    const { asset, job } = await confirmedUpload(api)
    for (const url of [`/v1/assets/${asset.id}`, `/v1/jobs/${job.id}`])
      expect(problemOf(await api.call('GET', url, { key: operator.key }))).toBe('403 FORBIDDEN')
  })

  it('sees the jobs of all projects, or of the one that is named', async () => {
    const mine = await queuedJob()
    const listed = async (query: string) => {
      const answer = await api.call('GET', `/v1/admin/jobs${query}`, { key: operator.key })
      return answer.json<{ items: { id: string; projectId: string }[] }>().items
    }
    expect((await listed('?limit=1')).map(job => job.id)).toEqual([mine])
    expect(await listed(`?projectId=${unknownId()}`)).toEqual([])
    expect((await listed(`?projectId=${api.projectId}&limit=1`)).map(job => job.id)).toEqual([mine])
  })

  it('stops a run of any project', async () => {
    const id = await queuedJob()
    await claimJob(api.deps.database.db, { jobId: id, host: 'a', leaseSec: 60 })
    const answer = await api.call('POST', `/v1/admin/jobs/${id}/cancel`, { key: operator.key })
    expect(answer.json()).toMatchObject({ job: { id, status: 'cancelled', error: { code: 'CANCELLED' } } })
  })
})
