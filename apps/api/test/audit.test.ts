import type { AuditEntry, AuditPage } from '@darkroom/contracts'
import { raiseAlarm } from '@darkroom/db/operations'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { confirmedUpload, createKey, createUpload, problemOf, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let operator: { key: string; shortId: string }
beforeAll(async () => {
  const { key } = await createKey(api.deps, { project: null })
  operator = { key, shortId: key.slice(3).split('_')[0] ?? '' }
})

const list = async (query = '', key = operator.key): Promise<AuditEntry[]> => {
  const answer = await api.call('GET', `/v1/admin/audit${query}`, { key })
  expect(answer.statusCode).toBe(200)
  return answer.json<AuditPage>().items
}
const newest = async (): Promise<AuditEntry | undefined> => (await list('?limit=1'))[0]
const idOf = (answer: { json(): unknown }): string => (answer.json() as { id: string }).id

const SHA = 'c'.repeat(64)
const NEW_KEY = { name: 'made', scopes: ['read'] }
const DEFINITION = { image: { variants: [{ name: 'thumb', width: 64, format: 'webp' }] } }

interface Change {
  action: string
  method: 'POST' | 'PATCH' | 'DELETE'
  path: string
  /** Of the project; an operator's otherwise. */
  isOfProject?: true
  make?: () => Promise<string>
  body?: unknown
  /** What the entry names, where it is not the id of the path. */
  target?: unknown
}

const job = async () => (await confirmedUpload(api)).job.id
const key = async () => idOf(await api.call('POST', '/v1/keys', { body: NEW_KEY }))
const quarantined = async () =>
  idOf(await api.call('POST', '/v1/admin/quarantine', { body: { sha256: SHA, reason: 'by hand' } }))
const webhook = async () => idOf(await api.call('POST', '/v1/webhooks', { body: { url: 'https://example.com/hook' } }))
async function alarm() {
  const { db } = api.deps.database
  await raiseAlarm(db, { code: 'CLOCK_SKEW', message: 'late' })
  const [row] = await db.execute<{ id: string }>(sql`SELECT id FROM alarms WHERE cleared_at IS NULL`)
  return row?.id ?? ''
}
async function takedown() {
  const { asset } = await createUpload(api)
  const answer = await api.call('POST', `/v1/assets/${asset.id}/takedown`, { body: { reason: 'test' } })
  return answer.json<{ takedown: { id: string } }>().takedown.id
}
async function preset() {
  await api.call('POST', '/v1/presets', { body: { name: 'audited', definition: DEFINITION } })
  return 'audited'
}
async function backfill() {
  const name = await preset()
  const { items } = (await api.call('GET', '/v1/backfills')).json<{ items: { id: string; status: string }[] }>()
  const open = items.find(({ status }) => status === 'running' || status === 'paused')
  if (open) return open.id
  const answer = await api.call('POST', `/v1/presets/${name}/apply`, { body: { version: 1 } })
  return answer.json<{ backfill: { id: string } }>().backfill.id
}
const some = expect.any(String)

const CHANGES: Change[] = [
  { action: 'requeueJob', method: 'POST', path: '/v1/admin/jobs/{id}/requeue', make: job },
  { action: 'cancelJob', method: 'POST', path: '/v1/admin/jobs/{id}/cancel', make: job },
  {
    action: 'requeueJobs',
    method: 'POST',
    path: '/v1/admin/jobs/requeue',
    body: { filter: { code: 'STORE_UNAVAILABLE' } },
    target: 'STORE_UNAVAILABLE',
  },
  { action: 'pauseQueue', method: 'POST', path: '/v1/admin/queues/{name}/pause', make: async () => 'audio' },
  { action: 'resumeQueue', method: 'POST', path: '/v1/admin/queues/{name}/resume', make: async () => 'audio' },
  { action: 'rebuildQueue', method: 'POST', path: '/v1/admin/rebuild-queue', target: 'all' },
  {
    action: 'addToQuarantine',
    method: 'POST',
    path: '/v1/admin/quarantine',
    isOfProject: true,
    body: { sha256: SHA, reason: 'loops' },
    target: some,
  },
  { action: 'releaseFromQuarantine', method: 'DELETE', path: '/v1/admin/quarantine/{id}', make: quarantined },
  { action: 'liftTakedown', method: 'DELETE', path: '/v1/admin/takedowns/{id}?reason=test', make: takedown },
  { action: 'acknowledgeAlarm', method: 'DELETE', path: '/v1/admin/alarms/{id}', make: alarm },
  { action: 'createProject', method: 'POST', path: '/v1/admin/projects', body: { name: 'recorded' }, target: some },
  {
    action: 'updateProject',
    method: 'PATCH',
    path: '/v1/admin/projects/{id}',
    make: async () => api.projectId,
    body: {},
  },
  {
    action: 'deleteProject',
    method: 'DELETE',
    path: '/v1/admin/projects/{id}?confirm=leaving',
    make: async () =>
      idOf(await api.call('POST', '/v1/admin/projects', { key: operator.key, body: { name: 'leaving' } })),
  },
  {
    action: 'restoreProject',
    method: 'POST',
    path: '/v1/admin/projects/{id}/restore',
    make: async () => api.projectId,
  },
  {
    action: 'createProjectKey',
    method: 'POST',
    path: '/v1/admin/projects/{id}/keys',
    make: async () => api.projectId,
    body: NEW_KEY,
    target: some,
  },
  { action: 'createOperatorKey', method: 'POST', path: '/v1/admin/keys', body: NEW_KEY, target: some },
  { action: 'rotateProjectKey', method: 'POST', path: '/v1/admin/keys/{id}/rotate', make: key, target: some },
  { action: 'revokeProjectKey', method: 'DELETE', path: '/v1/admin/keys/{id}', make: key, target: some },
  { action: 'createKey', method: 'POST', path: '/v1/keys', isOfProject: true, body: NEW_KEY, target: some },
  { action: 'rotateKey', method: 'POST', path: '/v1/keys/{id}/rotate', isOfProject: true, make: key, target: some },
  { action: 'revokeKey', method: 'DELETE', path: '/v1/keys/{id}', isOfProject: true, make: key, target: some },
  { action: 'reconcileUsage', method: 'POST', path: '/v1/admin/usage/reconcile', target: null },
  {
    action: 'takeDownAsset',
    method: 'POST',
    path: '/v1/assets/{id}/takedown',
    body: { reason: 'test' },
    make: async () => (await createUpload(api)).asset.id,
  },
  {
    action: 'createPreset',
    method: 'POST',
    path: '/v1/presets',
    isOfProject: true,
    body: { name: 'audited', definition: DEFINITION },
    target: 'audited@1',
  },
  {
    action: 'applyPreset',
    method: 'POST',
    path: '/v1/presets/{name}/apply',
    isOfProject: true,
    make: preset,
    body: { version: 1 },
    target: some,
  },
  { action: 'pauseBackfill', method: 'POST', path: '/v1/backfills/{id}/pause', isOfProject: true, make: backfill },
  { action: 'resumeBackfill', method: 'POST', path: '/v1/backfills/{id}/resume', isOfProject: true, make: backfill },
  { action: 'cancelBackfill', method: 'POST', path: '/v1/backfills/{id}/cancel', isOfProject: true, make: backfill },
  {
    action: 'createWebhook',
    method: 'POST',
    path: '/v1/webhooks',
    isOfProject: true,
    body: { url: 'https://example.com/hook?token=secret' },
    target: some,
  },
  {
    action: 'updateWebhook',
    method: 'PATCH',
    path: '/v1/webhooks/{id}',
    isOfProject: true,
    make: webhook,
    body: { enabled: false },
  },
  { action: 'rotateWebhookSecret', method: 'POST', path: '/v1/webhooks/{id}/rotate', isOfProject: true, make: webhook },
  { action: 'deleteWebhook', method: 'DELETE', path: '/v1/webhooks/{id}', isOfProject: true, make: webhook },
]

const ask = ({ method, path, body, isOfProject }: Change, id: string, requestId: string) =>
  api.call(method, path.replace(/\{\w+\}/, id), {
    key: isOfProject ? api.key : operator.key,
    headers: { 'x-request-id': requestId },
    ...(body !== undefined && { body }),
  })

describe.each(CHANGES)('$action', change => {
  it('is in the audit log: who, what, on which target, and with which result', async () => {
    const id = (await change.make?.()) ?? ''
    const answer = await ask(change, id, `of-${change.action}`)
    expect(answer.statusCode).toBeLessThan(300)
    const entry = await newest()
    expect(entry).toMatchObject({
      action: change.action,
      target: 'target' in change ? change.target : id,
      result: 'done',
      code: null,
      requestId: `of-${change.action}`,
      isOperator: !change.isOfProject,
    })
    expect(Math.abs(Date.parse(entry?.at ?? '') - Date.now())).toBeLessThan(60_000)
    expect(JSON.stringify(entry)).not.toContain('secret')
  })
})

it('covers every operation that only admins may do, and that changes something', () => {
  const operations = Object.values(api.app.swagger().paths ?? {}).flatMap(methods =>
    Object.entries<{ operationId?: string; security?: readonly Record<string, unknown>[]; description?: string }>(
      methods ?? {},
    )
      .filter(([method, { security = [] }]) => method !== 'get' && JSON.stringify(security).includes('admin'))
      .map(([, { operationId }]) => operationId),
  )
  expect(operations.length).toBeGreaterThan(20)
  const covered = CHANGES.map(({ action }) => action)
  expect(operations.filter(action => !covered.includes(action ?? ''))).toEqual([])
})

describe('what is refused', () => {
  it('is recorded with its code and what it asked for', async () => {
    const id = unknownId()
    expect(problemOf(await api.call('POST', `/v1/admin/jobs/${id}/requeue`, { key: operator.key }))).toBe(
      '404 NOT_FOUND',
    )
    await expect.poll(newest).toMatchObject({ action: 'requeueJob', target: id, result: 'failed', code: 'NOT_FOUND' })
  })

  it('is recorded also of a project key that asks for what only operators may', async () => {
    const body = { reason: 'mine' }
    expect(problemOf(await api.call('POST', '/v1/admin/queues/image/pause', { body }))).toBe('403 FORBIDDEN')
    await expect.poll(newest).toMatchObject({
      action: 'pauseQueue',
      target: 'image',
      code: 'FORBIDDEN',
      isOperator: false,
      projectId: api.projectId,
    })
  })

  it('is not recorded of somebody whom nobody knows', async () => {
    const before = await newest()
    await api.call('POST', '/v1/admin/queues/image/pause', { key: null })
    await api.call('POST', '/v1/admin/queues/image/pause', { key: 'dk_nobody' })
    expect(await newest()).toEqual(before)
  })
})

describe('a change', () => {
  it('does not stand when its entry cannot be written', async () => {
    const { db } = api.deps.database
    await db.execute(
      sql`ALTER TABLE audit_entries ADD CONSTRAINT test_full CHECK (action <> 'createOperatorKey') NOT VALID`,
    )
    const count = async () => (await db.execute(sql`SELECT 1 FROM api_keys`)).length
    const before = await count()
    const answer = await api.call('POST', '/v1/admin/keys', { key: operator.key, body: NEW_KEY })
    await db.execute(sql`ALTER TABLE audit_entries DROP CONSTRAINT test_full`)
    expect([answer.statusCode, await count()]).toEqual([500, before])
  })

  it('that is repeated with its idempotency key is recorded once', async () => {
    const headers = { 'idempotency-key': 'once' }
    for (const _ of [1, 2]) await api.call('POST', '/v1/admin/keys', { key: operator.key, body: NEW_KEY, headers })
    const entries = await list(`?action=createOperatorKey&key=${operator.shortId}`)
    const targets = entries.map(({ target }) => target)
    expect(new Set(targets).size).toBe(targets.length)
  })

  it('of many transactions says what came of it', async () => {
    const body = { filter: { code: 'CORRUPT_FILE' } }
    await api.call('POST', '/v1/admin/jobs/requeue', { key: operator.key, body })
    expect(await newest()).toMatchObject({ result: 'done', input: body, outcome: { matched: 0, requeued: 0 } })
  })

  it('is not recorded where it only counts', async () => {
    const before = await newest()
    const body = { filter: { code: 'CORRUPT_FILE' }, dryRun: true }
    await api.call('POST', '/v1/admin/jobs/requeue', { key: operator.key, body })
    expect(await newest()).toEqual(before)
  })
})

describe('the list', () => {
  it('is by action, key, target, result and time', async () => {
    await api.call('POST', '/v1/admin/queues/video/pause', { key: operator.key, body: { reason: 'listed' } })
    const [entry] = await list('?action=pauseQueue&target=video')
    expect(entry).toMatchObject({ key: operator.shortId, keyName: expect.any(String), input: { reason: 'listed' } })
    const found = async (query: string) => (await list(query)).some(({ id }) => id === entry?.id)
    const hour = (ahead: number) => new Date(Date.now() + ahead * 3_600_000).toISOString()
    for (const query of [
      ...[`?key=${operator.shortId}`, '?targetType=queue&result=done', `?after=${hour(-1)}&before=${hour(1)}`],
    ])
      expect(await found(`${query}&limit=200`)).toBe(true)
    for (const query of ['?key=other', '?targetType=job', '?result=failed', `?after=${hour(1)}`, `?before=${hour(-1)}`])
      expect(await found(`${query}&limit=200`)).toBe(false)
  })

  it('goes on where a page ended', async () => {
    const all = await list('?limit=200')
    const first = await api.call('GET', '/v1/admin/audit?limit=3', { key: operator.key })
    const { items, nextCursor } = first.json<AuditPage>()
    const rest = await list(`?limit=3&cursor=${nextCursor}`)
    expect([...items, ...rest]).toEqual(all.slice(0, 6))
  })

  it('shows a project what concerns it, and nothing of others', async () => {
    const { key: foreign } = await createKey(api.deps, { project: 'stranger' })
    expect(await list('?limit=200', foreign)).toEqual([])
    const mine = await list('?limit=200', api.key)
    expect(new Set(mine.map(({ projectId }) => projectId))).toEqual(new Set([api.projectId]))
    expect(problemOf(await api.call('GET', `/v1/admin/audit?projectId=${api.projectId}`, { key: foreign }))).toBe(
      '404 NOT_FOUND',
    )
  })
})
