import type { ApiKey, KeyCreated, Project } from '@darkroom/contracts'
import { authCachesExpired } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { beforeAll, describe, expect, it } from 'vitest'
import { call, createKey, problemOf, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let operator: string
/** Another process on the same database. */
let elsewhere: FastifyInstance
beforeAll(async () => {
  operator = (await createKey(api.deps, { project: null })).key
  elsewhere = await api.variant({})
})

const asOperator = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown) =>
  api.call(method, url, { key: operator, ...(body !== undefined && { body }) })
const makeKey = async (body: object = {}, key = api.key) =>
  (await api.call('POST', '/v1/keys', { key, body: { name: 'made', scopes: ['read'], ...body } })).json<KeyCreated>()
const statusIn = async (app: FastifyInstance, key: string | null) =>
  (await call(app, 'GET', '/v1/assets', { key })).statusCode

describe('a project', () => {
  it('is made, read, listed and changed by an operator', async () => {
    const made = await asOperator('POST', '/v1/admin/projects', { name: 'shop', quotaBytes: 1000 })
    expect(made.statusCode).toBe(201)
    const project = made.json<Project>()
    expect(project).toMatchObject({ name: 'shop', quotaBytes: 1000, browserOrigins: [], isPrivate: false })
    expect(made.headers.location).toBe(`/v1/admin/projects/${project.id}`)
    const settings = {
      allowedTypes: ['image/jpg'],
      cdnBaseUrl: 'https://cdn.shop.example/',
      browserOrigins: ['https://shop.example'],
      quotaBytes: null,
      defaultPreset: 'avatar',
    }
    const changed = await asOperator('PATCH', `/v1/admin/projects/${project.id}`, settings)
    expect(changed.json()).toMatchObject({
      ...settings,
      allowedTypes: ['image/jpeg'],
      cdnBaseUrl: 'https://cdn.shop.example',
      name: 'shop',
    })
    expect((await asOperator('GET', `/v1/admin/projects/${project.id}`)).json()).toEqual(changed.json())
    const page = (await asOperator('GET', '/v1/admin/projects?limit=1')).json<{
      items: Project[]
      nextCursor: string
    }>()
    const next = await asOperator('GET', `/v1/admin/projects?cursor=${page.nextCursor}`)
    const names = [...page.items, ...next.json<{ items: Project[] }>().items].map(({ name }) => name)
    expect(names).toEqual(['default', 'shop'])
  })

  it('has a name of its own', async () => {
    await asOperator('POST', '/v1/admin/projects', { name: 'first' })
    const second = (await asOperator('POST', '/v1/admin/projects', { name: 'second' })).json<Project>()
    expect(problemOf(await asOperator('POST', '/v1/admin/projects', { name: 'first' }))).toBe('409 PROJECT_NAME_TAKEN')
    const renamed = await asOperator('PATCH', `/v1/admin/projects/${second.id}`, { name: 'first' })
    expect(problemOf(renamed)).toBe('409 PROJECT_NAME_TAKEN')
    expect((await asOperator('PATCH', `/v1/admin/projects/${second.id}`, { name: 'second' })).statusCode).toBe(200)
  })

  it('has a name of its own also when many ask for the same one at once', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `twin-${n}`)
    const made = await Promise.all(names.map(name => asOperator('POST', '/v1/admin/projects', { name })))
    const renamed = await Promise.all(
      made.map(answer => asOperator('PATCH', `/v1/admin/projects/${answer.json<Project>().id}`, { name: 'wanted' })),
    )
    expect(renamed.map(({ statusCode }) => statusCode).sort()).toEqual([200, ...Array(9).fill(409)])
  })

  it.each([
    ['a name with a slash', { name: 'a/b' }],
    ['an empty name', { name: '' }],
    ['a quota of nothing', { quotaBytes: 0 }],
    ['a limit that is no whole number', { requestsPerMinute: 1.5 }],
    ['a type that nobody knows', { allowedTypes: ['application/x-nothing'] }],
    ['no types at all', { allowedTypes: [] }],
    ['an origin with a path', { browserOrigins: ['https://shop.example/a'] }],
    ['an origin with a slash at its end', { browserOrigins: ['https://shop.example/'] }],
    ['any origin', { browserOrigins: ['*'] }],
    ['the origin of nobody', { browserOrigins: ['null'] }],
    ['a CDN that is no URL', { cdnBaseUrl: 'cdn.example' }],
    ['a CDN with a query', { cdnBaseUrl: 'https://cdn.example/?a=1' }],
    ['a CDN of a scheme that runs code', { cdnBaseUrl: 'javascript:alert(1)' }],
    ['a preset that is not there', { defaultPreset: 'nothing' }],
  ])('is not given %s', async (_title, settings) => {
    const change = await asOperator('PATCH', `/v1/admin/projects/${api.projectId}`, settings)
    expect(problemOf(change)).toBe('400 INVALID_REQUEST')
    expect(problemOf(await asOperator('POST', '/v1/admin/projects', { name: 'refused', ...settings }))).toBe(
      '400 INVALID_REQUEST',
    )
  })
})

describe('a project that is made later', () => {
  it('says, when it becomes private, how far the move of what was public is', async () => {
    const { id } = (await asOperator('POST', '/v1/admin/projects', { name: 'secret' })).json<Project>()
    const path = `/v1/admin/projects/${id}`
    const change = async (isPrivate: boolean) => (await asOperator('PATCH', path, { isPrivate })).json<Project>()
    expect((await asOperator('GET', path)).json<Project>().move).toBeNull()
    expect((await change(true)).move).toEqual({ requestedAt: expect.any(String), finishedAt: null })
    expect((await change(false)).move).toBeNull()
  })
})

describe('a key', () => {
  it('is shown when it is made, and afterwards only its public part and its last use', async () => {
    const { key, ...made } = await makeKey({ name: 'shop', scopes: ['read', 'read'] })
    expect(made).toMatchObject({ name: 'shop', scopes: ['read'], projectId: api.projectId, lastUsedAt: null })
    expect(await statusIn(api.app, key)).toBe(200)
    const lists = await Promise.all([
      api.call('GET', '/v1/keys'),
      asOperator('GET', `/v1/admin/projects/${api.projectId}/keys`),
    ])
    for (const list of lists) {
      const listed = list.json<{ items: ApiKey[] }>().items.find(({ id }) => id === made.id)
      expect(listed).toEqual({ ...made, lastUsedAt: expect.any(String) })
      expect(list.body).not.toContain(key?.slice(12))
      expect(list.body).not.toContain('hash')
    }
  })

  it('of another project is listed to nobody else', async () => {
    const stranger = await createKey(api.deps, { project: 'stranger' })
    const { id } = await makeKey({}, stranger.key)
    const ids = (await api.call('GET', '/v1/keys')).json<{ items: ApiKey[] }>().items.map(item => item.id)
    expect(ids).not.toContain(id)
  })

  it('that was revoked is refused at once, by every process', async () => {
    for (const path of ['/v1/keys', '/v1/admin/keys']) {
      const { id, key } = await makeKey()
      expect([await statusIn(api.app, key), await statusIn(elsewhere, key)]).toEqual([200, 200])
      expect((await asOperatorOrOwner('DELETE', `${path}/${id}`)).statusCode).toBe(204)
      expect([await statusIn(api.app, key), await statusIn(elsewhere, key)]).toEqual([401, 401])
      expect(problemOf(await asOperatorOrOwner('DELETE', `${path}/${id}`))).toBe('404 NOT_FOUND')
    }
  })

  it('that was revoked is refused by every process, also to who asks with it all the time', async () => {
    const { id, key } = await makeKey()
    let isRevoked = false
    const after: number[] = []
    const ask = async () => {
      for (let asked = 0; asked < 5; asked += isRevoked ? 1 : 0) {
        const counts = isRevoked
        const status = await statusIn(elsewhere, key)
        if (counts) after.push(status)
      }
    }
    const asking = Promise.all([ask(), ask(), ask()])
    await asOperatorOrOwner('DELETE', `/v1/keys/${id}`)
    isRevoked = true
    await asking
    expect(new Set(after)).toEqual(new Set([401]))
  })

  it('has its project changed from the next request on, in every process', async () => {
    const { key } = await makeKey()
    expect(await statusIn(elsewhere, key)).toBe(200)
    for (const [requestsPerMinute, limit] of [
      [1000, '1000'],
      [null, undefined],
    ] as const) {
      await asOperator('PATCH', `/v1/admin/projects/${api.projectId}`, { requestsPerMinute })
      const answer = await call(elsewhere, 'GET', '/v1/assets', { key })
      expect([answer.statusCode, answer.headers['ratelimit-limit']?.toString()]).toEqual([200, limit])
    }
  })

  it('stops working when its time is over', async () => {
    const { id, key } = await makeKey({ expiresAt: new Date(Date.now() + 60_000).toISOString() })
    expect(await statusIn(api.app, key)).toBe(200)
    await api.deps.database.db.execute(sql`UPDATE api_keys SET expires_at = now() WHERE id = ${id}`)
    await authCachesExpired()
    expect(await statusIn(api.app, key)).toBe(401)
    const past = { name: 'past', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' }
    expect(problemOf(await api.call('POST', '/v1/keys', { body: past }))).toBe('400 INVALID_REQUEST')
  })

  it('without a scope, or with one that nobody knows, is not made', async () => {
    for (const scopes of [[], ['root'], ['read', 'operator']])
      expect(problemOf(await api.call('POST', '/v1/keys', { body: { name: 'x', scopes } }))).toBe('400 INVALID_REQUEST')
  })

  it('of an operator is not made for a project, nor by it', async () => {
    expect(problemOf(await asOperator('POST', '/v1/keys', { name: 'x', scopes: ['read'] }))).toBe('403 FORBIDDEN')
    const body = { name: 'x', scopes: ['admin'] }
    const made = (await asOperator('POST', `/v1/admin/projects/${api.projectId}/keys`, body)).json<KeyCreated>()
    expect(made.key).toMatch(/^dk_/)
    expect(problemOf(await api.call('GET', '/v1/admin/projects', { key: made.key }))).toBe('403 FORBIDDEN')
  })
})

const asOperatorOrOwner = (method: 'POST' | 'DELETE', url: string, body?: unknown) =>
  api.call(method, url, { key: url.startsWith('/v1/admin') ? operator : api.key, ...(body !== undefined && { body }) })

describe('a rotation', () => {
  it('gives a new key and ends the old one at once', async () => {
    const old = await makeKey({ name: 'rotated', scopes: ['read'] })
    const made = (await asOperatorOrOwner('POST', `/v1/keys/${old.id}/rotate`)).json<KeyCreated>()
    expect(made).toMatchObject({ name: 'rotated', scopes: ['read'], projectId: api.projectId })
    expect([await statusIn(api.app, old.key), await statusIn(api.app, made.key)]).toEqual([401, 200])
    expect(problemOf(await asOperatorOrOwner('POST', `/v1/keys/${old.id}/rotate`))).toBe('404 NOT_FOUND')
  })

  it('lets the old key work until the overlap ends', async () => {
    const old = await makeKey()
    const url = `/v1/admin/keys/${old.id}/rotate`
    const made = (await asOperatorOrOwner('POST', url, { overlapSec: 3600 })).json<KeyCreated>()
    for (const { key } of [old, made])
      expect([await statusIn(api.app, key), await statusIn(elsewhere, key)]).toEqual([200, 200])
    await api.deps.database.db.execute(
      sql`UPDATE api_keys SET expires_at = expires_at - interval '1 hour' WHERE id = ${old.id}`,
    )
    await authCachesExpired()
    expect([await statusIn(api.app, old.key), await statusIn(elsewhere, made.key)]).toEqual([401, 200])
  })

  it('prolongs no key beyond its own end', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString()
    const old = await makeKey({ expiresAt })
    const made = (await asOperatorOrOwner('POST', `/v1/keys/${old.id}/rotate`, { overlapSec: 3600 })).json<KeyCreated>()
    const keys = (await api.call('GET', '/v1/keys')).json<{ items: ApiKey[] }>().items
    expect(keys.find(({ id }) => id === old.id)?.expiresAt).toBe(expiresAt)
    expect(made.expiresAt).toBe(expiresAt)
  })

  it('of an operator gives a key of an operator', async () => {
    const { shortId } = await createKey(api.deps, { project: null })
    const [row] = await api.deps.database.db.execute<{ id: string }>(
      sql`SELECT id FROM api_keys WHERE short_id = ${shortId}`,
    )
    const made = (await asOperatorOrOwner('POST', `/v1/admin/keys/${row?.id}/rotate`)).json<KeyCreated>()
    expect(made.key).toMatch(/^do_/)
    expect((await api.call('GET', '/v1/admin/projects', { key: made.key })).statusCode).toBe(200)
    // Not through the door of a project.
    expect(problemOf(await api.call('DELETE', `/v1/keys/${made.id}`))).toBe('404 NOT_FOUND')
  })

  it('twenty times at once makes one key', async () => {
    const old = await makeKey()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => asOperatorOrOwner('POST', `/v1/keys/${old.id}/rotate`)),
    )
    expect(answers.map(answer => answer.statusCode).toSorted()).toEqual([201, ...Array(19).fill(404)])
  })
})

describe('a dump of the database', () => {
  it('has no key in it that can be used', async () => {
    const { key } = await makeKey()
    const rotated = await asOperatorOrOwner('POST', `/v1/keys/${(await makeKey()).id}/rotate`, { overlapSec: 60 })
    const keys = [api.key, operator, key, rotated.json<KeyCreated>().key]
    const { db } = api.deps.database
    const tables = await db.execute<{ name: string }>(
      sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    )
    expect(tables.length).toBeGreaterThan(10)
    for (const { name } of tables) {
      const rows = await db.execute(sql`SELECT row_to_json(t)::text AS row FROM ${sql.identifier(name)} t`)
      const dump = JSON.stringify(rows)
      for (const secret of keys) expect(dump).not.toContain(secret?.slice('dk_12345678_'.length))
    }
    // What is there instead of a key opens nothing.
    const [row] = await db.execute<{ hash: string; id: string }>(
      sql`SELECT hash, short_id AS id FROM api_keys WHERE revoked_at IS NULL LIMIT 1`,
    )
    for (const forged of [row?.hash, `dk_${row?.id}_${row?.hash.slice(0, 43)}`, row?.id])
      expect(await statusIn(api.app, forged ?? unknownId())).toBe(401)
  })
})

describe('operators’ keys', () => {
  it('are made by operators and work at once', async () => {
    const made = await asOperator('POST', '/v1/admin/keys', { name: 'second', scopes: ['admin'] })
    expect(made.statusCode).toBe(201)
    const { key, projectId } = made.json<KeyCreated>()
    expect([key?.slice(0, 3), projectId]).toEqual(['do_', null])
    expect((await api.call('GET', '/v1/admin/projects', { key: key ?? '' })).statusCode).toBe(200)
  })

  it('are listed with those of every project, page by page, or one by its public part', async () => {
    const { shortId } = await makeKey({ name: 'looked for' })
    const list = async (query: string) =>
      (await asOperator('GET', `/v1/admin/keys?${query}`)).json<{ items: ApiKey[]; nextCursor: string | null }>()
    expect((await list(`shortId=${shortId}`)).items.map(({ name }) => name)).toEqual(['looked for'])
    const ids: string[] = []
    for (let query = 'limit=2'; query !== ''; ) {
      const { items, nextCursor } = await list(query)
      ids.push(...items.map(({ id }) => id))
      query = nextCursor ? `limit=2&cursor=${nextCursor}` : ''
    }
    expect(new Set(ids).size).toBe(ids.length)
    const everyone = (await list('limit=200')).items
    expect(ids).toEqual(everyone.map(({ id }) => id))
    expect(new Set(everyone.map(({ projectId }) => projectId === null)).size).toBe(2)
  })
})

it('a project is found by its name', async () => {
  await asOperator('POST', '/v1/admin/projects', { name: 'by-name' })
  const named = async (name: string) =>
    (await asOperator('GET', `/v1/admin/projects?name=${name}`))
      .json<{ items: Project[] }>()
      .items.map(each => each.name)
  expect(await named('by-name')).toEqual(['by-name'])
  expect(await named('by-nam')).toEqual([])
})
