import {
  ERRORS,
  type ErrorCode,
  MEDIA_TYPES,
  type Problem,
  type Readiness,
  type ServiceStatus,
} from '@darkroom/contracts'
import { newId, silentLogger } from '@darkroom/core'
import { registerWorker, removeWorker } from '@darkroom/db/jobs'
import { clearAlarms, raiseAlarm } from '@darkroom/db/operations'
import { pauseQueues, resumeQueues } from '@darkroom/jobs/sql'
import { createS3Store } from '@darkroom/storage'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAvailableKinds } from '../src/index.ts'
import { problemOf } from '../src/plugins/problem.ts'
import { ROUTES } from '../src/routes/index.ts'
import { call, confirmedUpload, createKey, startTestStore, storeConfig } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()

const open = (url: string) => api.call('GET', url, { key: null })

describe('without a key', () => {
  it('healthz says that the process is alive', async () => {
    expect((await open('/healthz')).json()).toEqual({ status: 'ok' })
  })

  it('readyz says that every part answers, and how fast', async () => {
    const answer = await open('/readyz')
    expect(answer.statusCode).toBe(200)
    const ok = { state: 'ok', latencyMs: expect.any(Number) }
    expect(answer.json<Readiness>()).toEqual({ status: 'ok', checks: { database: ok, queue: ok, store: ok } })
  })

  it('status says what an upload may be', async () => {
    expect((await open('/v1/status')).json()).toEqual({
      mode: 'configured',
      version: '0.0.0-test',
      uploads: 'open',
      accepts: Object.keys(MEDIA_TYPES).filter(type => type !== 'image/svg+xml'),
      maxUploadBytes: api.deps.settings.maxUploadBytes,
      decoders: { image: true, video: true, audio: true, document: true },
      processing: { image: 'running', video: 'running', audio: 'running', document: 'running' },
    })
  })

  it('status says which kinds are not worked on', async () => {
    const { db } = api.deps.database
    await pauseQueues(db, { queues: ['video', 'import'], by: 'operator', reason: null })
    const { processing } = (await open('/v1/status')).json<ServiceStatus>()
    await resumeQueues(db, ['video', 'import'])
    expect(processing).toEqual({ image: 'running', video: 'paused', audio: 'running', document: 'running' })
  })

  it('status says what the workers lack, also while uploads are paused', async () => {
    const { db } = api.deps.database
    const worker = { id: newId(), host: 'h', version: '0', slots: 1 }
    await registerWorker(db, { ...worker, queues: ['image'], lacks: ['video'] })
    await raiseAlarm(db, { code: 'STORE_CAP_EXCEEDED', message: 'full' })
    const app = await api.variant({ kinds: createAvailableKinds(api.deps.database) })
    const { uploads, decoders, accepts } = (await call(app, 'GET', '/v1/status')).json<ServiceStatus>()
    await clearAlarms(db, { code: 'STORE_CAP_EXCEEDED' })
    await removeWorker(db, worker.id)
    expect([uploads, decoders.video, decoders.image]).toEqual(['paused', false, true])
    expect(accepts).not.toContain('video/mp4')
  })

  it('readyz asks all parts at the same time', async () => {
    const { database, queues } = api.deps
    const queueWasAsked = Promise.withResolvers<void>()
    const app = await api.variant({
      database: { ...database, ping: () => queueWasAsked.promise },
      queues: { ...queues, check: async () => queueWasAsked.resolve() },
    })
    expect((await call(app, 'GET', '/readyz')).json()).toMatchObject({ status: 'ok' })
  })

  it('readyz says that the disk of the store is full, and stays ready for all else', async () => {
    // Fuller than it may be, whatever the disk of this machine.
    const { b2, remove } = await startTestStore({ minFreeBytes: Number.MAX_SAFE_INTEGER })
    const store = createS3Store(storeConfig(b2.url), { logger: silentLogger })
    const app = await api.variant({ store })
    const answer = await call(app, 'GET', '/readyz')
    store.close()
    await remove()
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      { status: 'degraded', checks: { store: { state: 'full', detail: expect.stringContaining('is full') } } },
    ])
  })

  it('readyz says why the store cannot be used, where somebody can repair it', async () => {
    api.b2.faults.set({ kind: 'wrong-key' })
    const answer = await open('/readyz')
    api.b2.faults.clear()
    expect(answer.statusCode).toBe(503)
    const detail = 'the store does not know the key; `npx darkroom doctor` says what to do'
    expect(answer.json()).toMatchObject({ checks: { store: { state: 'failed', detail } } })
  })

  it('readyz asks the store one thing for each probe, and once in ten minutes whether the originals are private', async () => {
    let now = Date.now()
    const app = await api.variant({ clock: { now: () => new Date(now) } })
    const probe = () => call(app, 'GET', '/readyz')
    const asked = async (probes: number) => {
      api.b2.requests.clear()
      for (let each = 0; each < probes; each++) expect((await probe()).statusCode).toBe(200)
      return api.b2.requests.list().map(({ operation, key }) => `${operation} ${key}`)
    }
    const [readiness, access] = ['GetObject readiness-probe', 'GetObject public-access-probe']
    expect(await asked(3)).toEqual([readiness, access, readiness, readiness])
    now += 9 * 60_000
    expect(await asked(1)).toEqual([readiness])
    now += 60_000
    expect(await asked(2)).toEqual([readiness, access, readiness])
  })

  it('readyz says that the store has reached its cap', async () => {
    const { db } = api.deps.database
    await raiseAlarm(db, { code: 'STORE_CAP_EXCEEDED', message: 'full' })
    const answer = await open('/readyz')
    await clearAlarms(db, { code: 'STORE_CAP_EXCEEDED' })
    expect(answer.json()).toMatchObject({ status: 'degraded', checks: { store: { state: 'full' } } })
    expect((await open('/readyz')).json()).toMatchObject({ status: 'ok', checks: { store: { state: 'ok' } } })
  })

  it('the documentation is readable, with everything that it loads', async () => {
    const page = await open('/docs')
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.body).toContain('<title>Darkroom API reference</title>')
    const [, styles = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(page.body) ?? []
    expect((await open(styles)).headers['content-type']).toBe('text/css; charset=utf-8')
    expect((await open('/docs/')).headers.location).toBe('/docs')
  })

  it('the type of a problem leads to what is said of its code, whatever the code', async () => {
    const { type } = (await open('/v1/nowhere')).json<Problem>()
    expect(type).toBe('https://api.example.com/docs/errors#not_found')
    const page = await open(new URL(type).pathname)
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    const codes = Object.keys(ERRORS) as ErrorCode[]
    const typeOf = (code: ErrorCode) => problemOf({ code, detail: '', requestId: '', docsUrl: '/docs' }).type
    const sections = codes.map(code => `<article id="${typeOf(code).split('#')[1]}"><h2>${code}</h2>`)
    expect(sections.filter(section => !page.body.includes(section))).toEqual([])
  })

  it('the type of a problem leads to the documentation site where there is one', async () => {
    const app = await api.variant({ settings: { docsUrl: () => 'https://docs.example.com' } })
    const { type } = (await call(app, 'GET', '/v1/nowhere', {})).json<Problem>()
    expect(type).toBe('https://docs.example.com/errors#not_found')
  })
})

describe('openapi.json', () => {
  interface Operation {
    tags?: string[]
    summary?: string
    responses: Record<string, unknown>
  }
  interface Document {
    openapi: string
    paths: Record<string, Record<string, Operation>>
    components: Record<string, Record<string, unknown>> & { schemas: Record<string, unknown> }
  }
  let document: Document
  beforeAll(async () => {
    document = (await open('/openapi.json')).json<Document>()
  })

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
    )

  /** Every schema of the document, wherever it stands. */
  function* schemasIn(value: unknown): Generator<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null) return
    if (!Array.isArray(value)) yield value as Record<string, unknown>
    for (const child of Object.values(value)) yield* schemasIn(child)
  }

  it('is OpenAPI 3.1', () => {
    expect(document.openapi).toMatch(/^3\.1\./)
  })

  it('has every operation of the contract, each with a summary, a tag and its answers', () => {
    const names = operations().map(({ name }) => name)
    // Those of the admin part have a test of their own.
    expect(names.filter(name => !name.includes('/v1/admin/')).sort()).toEqual([
      'DELETE /v1/assets/{id}',
      'DELETE /v1/assets/{id}/shares/{shareId}',
      'DELETE /v1/keys/{id}',
      'DELETE /v1/tus/{id}',
      'DELETE /v1/uploads/{id}',
      'DELETE /v1/webhooks/{id}',
      'GET /healthz',
      'GET /metrics',
      'GET /readyz',
      'GET /s/{token}',
      'GET /v/{token}/{file}',
      'GET /v1/assets',
      'GET /v1/assets/counts',
      'GET /v1/assets/{id}',
      'GET /v1/assets/{id}/download',
      'GET /v1/assets/{id}/events',
      'GET /v1/assets/{id}/manifest',
      'GET /v1/assets/{id}/receipt',
      'GET /v1/assets/{id}/shares',
      'GET /v1/assets/{id}/shares/{shareId}',
      'GET /v1/assets/{id}/view',
      'GET /v1/backfills',
      'GET /v1/backfills/{id}',
      'GET /v1/events',
      'GET /v1/folders',
      'GET /v1/jobs/{id}',
      'GET /v1/key',
      'GET /v1/keys',
      'GET /v1/keys/{id}',
      'GET /v1/presets',
      'GET /v1/presets/{name}',
      'GET /v1/presets/{name}/{version}',
      'GET /v1/status',
      'GET /v1/tags',
      'GET /v1/uploads/{id}',
      'GET /v1/usage',
      'GET /v1/usage/days',
      'GET /v1/webhooks',
      'GET /v1/webhooks/{id}',
      'GET /v1/webhooks/{id}/deliveries',
      'GET /v1/webhooks/{id}/deliveries/{deliveryId}',
      'GET /z/{token}',
      'HEAD /v1/tus/{id}',
      'PATCH /v1/assets/{id}',
      'PATCH /v1/tus/{id}',
      'PATCH /v1/webhooks/{id}',
      'POST /v1/archives',
      'POST /v1/assets/bulk',
      'POST /v1/assets/status',
      'POST /v1/assets/{id}/reprocess',
      'POST /v1/assets/{id}/shares',
      'POST /v1/assets/{id}/takedown',
      'POST /v1/backfills/{id}/cancel',
      'POST /v1/backfills/{id}/pause',
      'POST /v1/backfills/{id}/resume',
      'POST /v1/hooks/b2',
      'POST /v1/imports',
      'POST /v1/keys',
      'POST /v1/keys/{id}/rotate',
      'POST /v1/presets',
      'POST /v1/presets/preview',
      'POST /v1/presets/{name}/apply',
      'POST /v1/presets/{name}/plan',
      'POST /v1/tus',
      'POST /v1/uploads',
      'POST /v1/uploads/batch',
      'POST /v1/uploads/confirm',
      'POST /v1/uploads/form',
      'POST /v1/uploads/forms',
      'POST /v1/uploads/{id}/confirm',
      'POST /v1/uploads/{id}/parts',
      'POST /v1/uploads/{id}/renew',
      'POST /v1/webhooks',
      'POST /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver',
      'POST /v1/webhooks/{id}/replay',
      'POST /v1/webhooks/{id}/rotate',
      'POST /v1/webhooks/{id}/test',
    ])
    // The four operations of tus are one entry.
    expect(names).toHaveLength(ROUTES.length + 3)
    for (const { name, operation } of operations()) {
      expect([name, operation.summary, operation.tags?.length]).toEqual([name, expect.any(String), 1])
      expect(Object.keys(operation.responses).some(status => status.startsWith('2') || status === '302')).toBe(true)
    }
  })

  it('has every schema once, under the name of the contract, unless requests may leave out what answers have', () => {
    const { schemas } = document.components
    const names = Object.keys(schemas)
    expect(names).toEqual(
      expect.arrayContaining(['Asset', 'Job', 'Problem', 'CreateUpload', 'UploadCreated', 'Variant']),
    )
    const bare = (name: string) => JSON.stringify(schemas[name]).replaceAll(/Input"/g, '"')
    const twins = names.filter(name => name.endsWith('Input'))
    expect(twins).toContain('PresetDefinitionInput')
    // A twin differs itself or refers to one that does.
    const differing = twins.filter(name => bare(name) !== bare(name.replace(/Input$/, '')))
    const referring = twins.filter(name => /Input"/.test(JSON.stringify(schemas[name])))
    expect(twins.filter(name => !differing.includes(name) && !referring.includes(name))).toEqual([])
  })

  it('refers to nothing that is not in it, and has nothing that is referred to nowhere', () => {
    const refs = new Set(
      [...schemasIn(document)].flatMap(schema => (typeof schema.$ref === 'string' ? schema.$ref : [])),
    )
    const { securitySchemes: _, ...parts } = document.components
    const named = Object.entries(parts).flatMap(([part, members]) =>
      Object.keys(members).map(name => `#/components/${part}/${name}`),
    )
    expect([...refs].filter(ref => !named.includes(ref))).toEqual([])
    expect(named.filter(ref => !refs.has(ref))).toEqual([])
  })

  it('says that answers may have more fields than it names', () => {
    const { Asset } = document.components.schemas
    expect(Asset).not.toHaveProperty('additionalProperties')
  })

  it('writes unions as oneOf; anyOf stands only for what may be null or may grow', () => {
    const unions = [...schemasIn(document)].flatMap(schema => (Array.isArray(schema.anyOf) ? [schema.anyOf] : []))
    const isOpenEnd = ({ type, enum: values }: { type?: string; enum?: string[] }) =>
      type === 'null' || (type === 'string' && values === undefined)
    for (const union of unions) expect(union.some(isOpenEnd)).toBe(true)
  })
})

describe('GET /metrics', () => {
  it('shows an operator the numbers of the pipeline, and nobody else', async () => {
    await confirmedUpload(api)
    const operator = await createKey(api.deps, { project: null })
    const answer = await api.call('GET', '/metrics', { key: operator.key })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toContain('text/plain')
    expect(answer.body).toMatch(/^darkroom_jobs\{queue="image",status="queued"\} [1-9]/m)
    expect(answer.body).toMatch(/^darkroom_unsettled_age_seconds [\d.]+$/m)
    expect(answer.body).toMatch(/^darkroom_workers 0$/m)
    expect(answer.body).toMatch(/^darkroom_database_connections\{application="darkroom[\w-]*",state="active"\} [1-9]/m)
    expect((await api.call('GET', '/metrics')).statusCode).toBe(403)
    expect((await call(api.app, 'GET', '/metrics')).statusCode).toBe(401)
  })
})

describe('metrics of requests', () => {
  it('are by the template of the route, from the first scrape on', async () => {
    const operator = await createKey(api.deps, { project: null })
    const metrics = async () => (await api.call('GET', '/metrics', { key: operator.key })).body
    await metrics()
    await api.call('GET', `/v1/assets/${newId()}`)
    await api.call('GET', '/v1/nowhere')
    const countOf = (route: string) =>
      new RegExp(
        `^darkroom_http_request_duration_seconds_count\\{method="GET",route="${route}",status="4xx"\\} [1-9]`,
        'm',
      )
    // Counted when the response is out.
    await expect.poll(metrics).toMatch(countOf('/v1/assets/:id'))
    await expect.poll(metrics).toMatch(countOf('none'))
  })
})

describe('GET /v1/status', () => {
  it('says that uploads are paused while the store refuses us', async () => {
    const uploads = async () => (await api.call('GET', '/v1/status')).json<{ uploads: string }>().uploads
    expect(await uploads()).toBe('open')
    await raiseAlarm(api.deps.database.db, { code: 'STORE_CAP_EXCEEDED', message: 'full' })
    expect(await uploads()).toBe('paused')
    await clearAlarms(api.deps.database.db, { code: 'STORE_CAP_EXCEEDED' })
    expect(await uploads()).toBe('open')
  })
})
