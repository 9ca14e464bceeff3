import type { EventPage, Project, Share } from '@darkroom/contracts'
import { requestProjectDeletion } from '@darkroom/db/deletion'
import { authCachesExpired, insertApiKey } from '@darkroom/db/projects'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { issueViewToken } from '../src/auth/view-token.ts'
import {
  call,
  confirmedUpload,
  createKey,
  createUpload,
  newUpload,
  problemOf,
  readyAsset,
  type TestApi,
  unknownId,
} from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let operator: string
/** Another process on the same database. */
let elsewhere: FastifyInstance
beforeAll(async () => {
  operator = (await createKey(api.deps, { project: null })).key
  elsewhere = await api.variant({})
})

const execute = (query: ReturnType<typeof sql>) => api.deps.database.db.execute(query)
const asOperator = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown) =>
  api.call(method, url, { key: operator, ...(body !== undefined && { body }) })

/** A project with a key of its own, under a name that is nobody else's. */
async function tenant() {
  const name = `shop-${unknownId()}`
  const { key, projectId } = await createKey(api.deps, { project: name })
  const path = `/v1/admin/projects/${projectId}`
  const mine: TestApi = {
    ...api,
    projectId,
    key,
    call: (method, url, options) => api.call(method, url, { key, ...options }),
  }
  const remove = (query: Record<string, string> = {}) =>
    asOperator('DELETE', `${path}?${new URLSearchParams({ confirm: name, ...query })}`)
  const read = async () => (await asOperator('GET', path)).json<Project>()
  return { name, key, projectId, path, mine, remove, read }
}

const hoursTo = (iso: string | null) => Math.round((Date.parse(iso ?? '') - Date.now()) / 3_600_000) + 0

describe('a project that an operator deletes', () => {
  it('is closed at once, in every process: for its keys, tokens, views and links', async () => {
    const { mine, key, remove, read } = await tenant()
    const { asset } = await readyAsset(mine)
    const created = await createUpload(mine)
    const claims = { assetId: asset.id, projectId: mine.projectId, expiresAt: Math.floor(Date.now() / 1000) + 600 }
    const view = `/v/${issueViewToken(claims, api.deps.settings.secret)}/thumb.webp`
    const share = (await mine.call('POST', `/v1/assets/${asset.id}/shares`, { body: {} })).json<
      Share & { url: string }
    >()
    const { pathname } = new URL(share.url)
    expect((await call(api.app, 'GET', pathname)).statusCode).toBe(302)

    const answer = await remove()
    expect(answer.statusCode).toBe(202)
    const closed = answer.json<Project>()
    expect(closed).toMatchObject({ status: 'deleting', deletion: { startedAt: null, finishedAt: null, assetsLeft: 2 } })
    expect(hoursTo(closed.deletesAt)).toBe(168)
    expect(await read()).toEqual(closed)

    const token = created.clientToken
    const refusals = await Promise.all([
      ...[api.app, elsewhere].map(app => call(app, 'GET', '/v1/assets', { key })),
      mine.call('POST', '/v1/uploads', { body: newUpload() }),
      mine.call('POST', '/v1/imports', { body: { url: 'https://example.com/a.jpg' } }),
      mine.call('POST', '/v1/keys', { body: { name: 'new', scopes: ['read'] } }),
      call(api.app, 'POST', `/v1/uploads/${created.upload.id}/confirm`, { key: token }),
      call(elsewhere, 'GET', `/v1/assets/${asset.id}/events`, { key }),
      call(api.app, 'GET', view),
      call(elsewhere, 'GET', pathname),
    ])
    expect(refusals.map(problemOf)).toEqual(refusals.map(() => '403 PROJECT_DELETING'))
    expect(refusals[0]?.json().detail).toContain(closed.deletesAt)
  })

  it('is as it was when it is restored, and both are told in its log', async () => {
    const { mine, key, path, remove, read } = await tenant()
    const { asset } = await readyAsset(mine)
    const before = await read()
    await remove()
    const restored = await asOperator('POST', `${path}/restore`)
    expect([restored.statusCode, restored.json()]).toEqual([200, before])
    expect((await call(elsewhere, 'GET', `/v1/assets/${asset.id}`, { key })).json()).toMatchObject({ status: 'ready' })
    expect((await createUpload(mine)).asset.status).toBe('awaiting_upload')
    const page = (await mine.call('GET', '/v1/events?types=project.deleting,project.restored')).json<
      z.output<typeof EventPage>
    >()
    expect(page.items.map(event => event.type)).toEqual(['project.deleting', 'project.restored'])
    expect(page.items[0]?.data).toEqual({ deletesAt: expect.stringMatching(/^20/) })
    // Asked again, as after an answer that was lost.
    expect((await asOperator('POST', `${path}/restore`)).statusCode).toBe(200)
  })

  it('stays as it is when it is asked for again, but for a delay that is named', async () => {
    const { remove, read } = await tenant()
    const first = (await remove({ delayHours: '24' })).json<Project>()
    expect(hoursTo(first.deletesAt)).toBe(24)
    expect((await remove()).json()).toEqual(first)
    expect(hoursTo((await remove({ delayHours: '0' })).json<Project>().deletesAt)).toBe(0)
    expect((await read()).deletion?.requestedAt).toBe(first.deletion?.requestedAt)
  })

  it('keeps its name until it is gone, is listed, and takes no change', async () => {
    const { name, path, projectId, remove } = await tenant()
    await remove()
    expect(problemOf(await asOperator('POST', '/v1/admin/projects', { name }))).toBe('409 PROJECT_NAME_TAKEN')
    const listed = async (query: string) =>
      (await asOperator('GET', `/v1/admin/projects?limit=200${query}`)).json<{ items: Project[] }>().items
    const isListed = async (query: string) => (await listed(query)).some(({ id }) => id === projectId)
    expect([await isListed(''), await isListed('&status=deleting'), await isListed('&status=active')]).toEqual([
      true,
      true,
      false,
    ])
    expect(problemOf(await asOperator('PATCH', path, { quotaBytes: 1 }))).toBe('403 PROJECT_DELETING')
    const key = { name: 'late', scopes: ['read'] }
    expect(problemOf(await asOperator('POST', `${path}/keys`, key))).toBe('403 PROJECT_DELETING')
    expect((await asOperator('GET', `${path}/keys`)).statusCode).toBe(200)
    expect((await asOperator('GET', `${path}/usage`)).statusCode).toBe(200)
  })

  it('cannot be restored once its deletion has begun', async () => {
    const { path, projectId, remove, read } = await tenant()
    await remove({ delayHours: '0' })
    await execute(sql`UPDATE project_deletions SET started_at = now() WHERE project_id = ${projectId}`)
    expect(problemOf(await asOperator('POST', `${path}/restore`))).toBe('410 PROJECT_DELETED')
    expect((await remove({ delayHours: '500' })).json<Project>()).toEqual(await read())
    expect((await read()).status).toBe('deleting')
  })

  it('leaves a receipt to operators, and its name to others', async () => {
    const { name, path, projectId, key, mine, remove, read } = await tenant()
    const { clientToken } = await createUpload(mine)
    await remove({ delayHours: '0' })
    await execute(
      sql`UPDATE project_deletions SET started_at = now(), finished_at = now(), keys = 1 WHERE project_id = ${projectId}`,
    )
    await execute(sql`UPDATE projects SET deleted_at = now() WHERE id = ${projectId}`)
    await execute(sql`DELETE FROM api_keys WHERE project_id = ${projectId}`)
    await authCachesExpired()
    expect(await read()).toMatchObject({ name, status: 'deleted', deletion: { removed: { keys: 1 } } })
    const gone = await Promise.all([
      remove(),
      asOperator('POST', `${path}/restore`),
      asOperator('PATCH', path, { quotaBytes: 1 }),
      asOperator('PATCH', path, {}),
      asOperator('GET', `${path}/usage`),
      asOperator('GET', `${path}/keys`),
      asOperator('POST', `${path}/keys`, { name: 'late', scopes: ['read'] }),
    ])
    expect(gone.map(problemOf)).toEqual(gone.map(() => '410 PROJECT_DELETED'))
    expect(problemOf(await call(api.app, 'GET', '/v1/assets', { key }))).toBe('401 UNAUTHORIZED')
    expect(problemOf(await call(api.app, 'GET', '/v1/assets', { key: clientToken }))).toBe('401 UNAUTHORIZED')
    const quarantine = { projectId, sha256: 'a'.repeat(64), reason: 'late' }
    expect(problemOf(await asOperator('POST', '/v1/admin/quarantine', quarantine))).toBe('404 NOT_FOUND')
    expect((await asOperator('POST', '/v1/admin/projects', { name })).statusCode).toBe(201)
  })
})

describe('nobody deletes a project by mistake', () => {
  it.each([
    ['without its name', {}, '400 INVALID_REQUEST'],
    ['by another name', { confirm: 'default' }, '400 INVALID_REQUEST'],
    ['with a delay that is empty', { confirm: 'NAME', delayHours: '' }, '400 INVALID_REQUEST'],
    ['with a delay of days', { confirm: 'NAME', delayHours: '7d' }, '400 INVALID_REQUEST'],
    ['with a delay that is too long', { confirm: 'NAME', delayHours: '2161' }, '400 INVALID_REQUEST'],
  ])('%s', async (_, query, problem) => {
    const { name, path, read } = await tenant()
    const given = Object.entries(query).map(([key, value]) => [key, value.replace('NAME', name)])
    expect(problemOf(await asOperator('DELETE', `${path}?${new URLSearchParams(given)}`))).toBe(problem)
    expect((await read()).status).toBe('active')
  })

  it('with its own key, or one of another project', async () => {
    const { name, key, path, read } = await tenant()
    for (const other of [key, api.key]) {
      const answers = [
        await api.call('DELETE', `${path}?confirm=${name}`, { key: other }),
        await api.call('POST', `${path}/restore`, { key: other }),
      ]
      expect(answers.map(problemOf)).toEqual(['403 FORBIDDEN', '403 FORBIDDEN'])
    }
    expect((await read()).status).toBe('active')
  })

  it('that local mode works in', async () => {
    const app = await api.variant({ settings: { mode: 'local', publicUrl: () => 'http://127.0.0.1:3000' } })
    const path = `/v1/admin/projects/${api.projectId}?confirm=default`
    const headers = { host: '127.0.0.1:3000' }
    expect(problemOf(await call(app, 'DELETE', path, { key: operator, headers }))).toBe('409 LOCAL_PROJECT')
    expect((await api.call('GET', '/v1/assets')).statusCode).toBe(200)
  })

  it('that is not there', async () => {
    const path = `/v1/admin/projects/${unknownId()}`
    expect(problemOf(await asOperator('DELETE', `${path}?confirm=x`))).toBe('404 NOT_FOUND')
    expect(problemOf(await asOperator('POST', `${path}/restore`))).toBe('404 NOT_FOUND')
  })
})

describe('a request that was let in before', () => {
  it('adds nothing any more', async () => {
    const { mine, projectId } = await tenant()
    await confirmedUpload(mine)
    const close = { id: projectId, by: 'test', delayHours: 0, defaultDelayHours: 0 }
    // Without the wait that follows: the key is still trusted.
    expect((await mine.call('GET', '/v1/usage')).statusCode).toBe(200)
    await api.deps.database.db.transaction(tx => requestProjectDeletion(tx, close))
    expect(problemOf(await mine.call('POST', '/v1/uploads', { body: newUpload() }))).toBe('403 PROJECT_DELETING')
    const key = { projectId, shortId: 'late0000', hash: 'x', name: 'late', scopes: ['read'] }
    await expect(insertApiKey(api.deps.database.db, key)).rejects.toMatchObject({ cause: { code: 'DRP01' } })
  })
})
