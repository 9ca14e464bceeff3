import type { IncomingHttpHeaders } from 'node:http'
import { ERRORS, type ErrorCode, EVENT_TYPES, type EventMessage, PING } from '@darkroom/contracts'
import { markAssetPurged } from '@darkroom/db/deletion'
import { changeProject } from '@darkroom/db/projects'
import { claimJob, failVariant } from '@darkroom/jobs/sql'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { ANSWER_EXAMPLES } from '../src/openapi/answer-examples.ts'
import { PROBLEM_CODES } from '../src/routes/problem-codes.ts'
import { createCheck } from './fuzz/check.ts'
import { type Document, type Operation, operationsOf, resolve, type Schema } from './fuzz/document.ts'
import { type call, confirmedUpload, createKey, problemOf, readyAsset, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
type Injected = Awaited<ReturnType<typeof call>>
interface WholeDocument extends Document {
  tags: { name: string; description: string }[]
  servers: { url: string }[]
  components: Document['components'] & { examples: Record<string, { value: unknown }> }
}
let document: WholeDocument
let operations: Operation[]
beforeAll(async () => {
  document = (await api.call('GET', '/openapi.json', { key: null })).json()
  operations = operationsOf(document)
})

const PROBLEM = 'application/problem+json'
const OWNER = { name: 'own', authorization: 'Bearer x', owner: 'own' as const, isOperator: false, weight: 1 }

async function given() {
  const { asset, job, created } = await confirmedUpload(api)
  return { asset, job, upload: created.upload }
}

const setLimit = (projectId: string, requestsPerMinute: number) =>
  changeProject(api.deps.database.db, projectId, { requestsPerMinute })

/** What there is in the log after a file was taken up, changed, cancelled, requeued, spoiled and deleted. */
async function eventsOfManyTypes(): Promise<void> {
  const { db } = api.deps.database
  const { asset } = await readyAsset(api)
  await api.call('PATCH', `/v1/assets/${asset.id}`, { body: { tags: ['sea'] } })
  await api.call('POST', `/v1/assets/${asset.id}/reprocess`)
  const { job, asset: second } = await confirmedUpload(api)
  await api.call('POST', `/v1/admin/jobs/${job.id}/cancel`)
  await api.call('POST', `/v1/admin/jobs/${job.id}/requeue`)
  const claimed = await claimJob(db, { jobId: job.id, host: 'test', leaseSec: 60 })
  if (!claimed) throw new Error('nobody else claims it')
  const error = { code: 'CORRUPT_FILE', message: 'damaged', retryable: false }
  await db.transaction(tx => failVariant(tx, claimed.lease, 'thumb', error))
  await api.call('DELETE', `/v1/assets/${second.id}`)
  await markAssetPurged(db, second.id)
}
const operation = (name: string) => operations.find(each => each.name === name) as Operation
const codesOf = ({ responses }: Operation) =>
  Object.fromEntries(
    Object.entries(responses).flatMap(([status, { content }]) =>
      content?.[PROBLEM] ? [[status, Object.keys(content[PROBLEM].examples ?? {}).toSorted()]] : [],
    ),
  )

/** Accepts as the document does. */
function validator() {
  const ajv = new Ajv2020({ strict: false, formats: { uuid: true, 'date-time': true, uri: true } })
  ajv.addSchema(document as object, 'openapi')
  return (schema: Schema, value: unknown) => {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/'))
    return ajv.validate(absolute, value) ? null : ajv.errorsText()
  }
}

describe('the document', () => {
  it('says where the API is', () => {
    expect(document.servers).toEqual([{ url: 'https://api.example.com' }])
  })

  it('tells the parts of each union apart by a field', () => {
    const unions: [string, Schema][] = []
    const collect = (at: string, value: unknown) => {
      if (typeof value !== 'object' || value === null) return
      const { oneOf } = value as Schema
      if (oneOf?.some(part => resolve(document, part).type === 'object')) unions.push([at, value as Schema])
      for (const [key, child] of Object.entries(value)) collect(`${at}/${key}`, child)
    }
    collect('', document.components.schemas)
    // A page has one kind of items, and the client knows which: it said so with `view`.
    const isOfPage = (at: string) => at === '/AssetPage/properties/items/items'
    const named = unions.filter(([at, { oneOf = [] }]) => !isOfPage(at) && oneOf.every(({ $ref }) => $ref))
    expect(named.length).toBeGreaterThan(5)
    for (const [at, { discriminator }] of named)
      expect([at, discriminator?.propertyName]).toEqual([at, expect.any(String)])
    expect(document.components.schemas.UploadInstructions?.discriminator).toEqual({
      propertyName: 'type',
      mapping: {
        single: '#/components/schemas/SingleUpload',
        multipart: '#/components/schemas/MultipartUpload',
        none: '#/components/schemas/NoUpload',
      },
    })
    const nameless = unions.filter(([, { oneOf = [] }]) => oneOf.some(part => !part.$ref && part.properties?.type))
    expect(
      nameless.map(([at]) => at),
      'give each part of these unions a name: `.meta({ id })`',
    ).toEqual([])
  })

  it('takes values of tomorrow in answers, and only those of today in requests', () => {
    const faultOf = validator()
    const asset = resolve(document, { $ref: '#/components/schemas/Asset' })
    expect(
      faultOf({ $ref: '#/components/schemas/Asset' }, { ...(asset.example as object), status: 'archived' }),
    ).toBeNull()
    for (const name of ['ErrorCode', 'EventType'])
      expect(resolve(document, { $ref: `#/components/schemas/${name}` }).anyOf).toEqual([
        { type: 'string', enum: expect.any(Array) },
        { type: 'string' },
      ])
    const status = operation('GET /v1/assets').parameters?.find(({ name }) => name === 'kind')
    expect(status?.schema.enum).toEqual(['image', 'video', 'audio', 'document'])
    expect(
      faultOf({ $ref: '#/components/schemas/CreateWebhook' }, { url: 'https://a.example', events: ['x'] }),
    ).not.toBeNull()
  })
})

describe('the headers of answers', () => {
  const faultsOf = (name: string, method: string, { statusCode, headers, body }: Injected) =>
    createCheck(document)(
      operation(name),
      { actor: OWNER, method, target: '', headers: [], foreign: false, body: null },
      { status: statusCode, headers: headers as IncomingHttpHeaders, body },
    )
  const headersOf = (name: string, status: number) => Object.keys(operation(name).responses[status]?.headers ?? {})

  it('are those that the document names', async () => {
    const { asset, job, upload } = await given()
    const headers = { 'idempotency-key': unknownId() }
    const confirm = () => api.call('POST', `/v1/uploads/${upload.id}/confirm`, { headers })
    const limited = await createKey(api.deps, { project: 'limited' })
    await setLimit(limited.projectId, 1)
    const list = () => api.call('GET', '/v1/assets', { key: limited.key })
    const read = (tag: string) => api.call('GET', `/v1/assets/${asset.id}`, { headers: { 'if-none-match': tag } })
    const cases: [string, number, string[], () => Promise<Injected>][] = [
      ['GET /v1/assets/{id}', 200, ['ETag', 'Retry-After'], () => read('W/"0"')],
      ['GET /v1/assets/{id}', 304, ['ETag', 'Retry-After'], () => read('*')],
      ['GET /v1/jobs/{id}', 200, ['ETag', 'Retry-After'], () => api.call('GET', `/v1/jobs/${job.id}`)],
      ['POST /v1/uploads/{id}/confirm', 202, ['Location'], confirm],
      ['POST /v1/uploads/{id}/confirm', 202, ['Location', 'Idempotency-Replayed'], confirm],
      ['GET /v1/assets', 200, ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'], list],
      ['GET /v1/assets', 429, ['RateLimit-Limit', 'Retry-After'], list],
      ['GET /v1/assets', 401, ['WWW-Authenticate'], () => api.call('GET', '/v1/assets', { key: null })],
      ['GET /healthz', 200, ['X-Request-Id'], () => api.call('GET', '/healthz', { key: null })],
    ]
    for (const [name, status, expected, ask] of cases) {
      const answer = await ask()
      expect([name, answer.statusCode, faultsOf(name, name.split(' ')[0] ?? '', answer)]).toEqual([name, status, []])
      expect(headersOf(name, status)).toEqual(expect.arrayContaining(expected))
      expect(Object.keys(answer.headers)).toEqual(expect.arrayContaining(expected.map(each => each.toLowerCase())))
    }
  })

  it('can be asked for by those of requests', () => {
    const asked = (name: string) =>
      operation(name).parameters?.flatMap(parameter => (parameter.in === 'header' ? [parameter.name] : []))
    expect(asked('GET /v1/assets/{id}')).toEqual(['If-None-Match'])
    expect(asked('GET /v1/assets/{id}/events')).toEqual(['Last-Event-ID'])
    expect(asked('POST /v1/uploads')).toEqual(['Idempotency-Key'])
    expect(asked('PATCH /v1/assets/{id}')).toEqual(['If-Match'])
  })
})

describe('the webhooks', () => {
  it('are of every type of event, and a ping', () => {
    expect(Object.keys(document.webhooks ?? {})).toEqual([...Object.keys(EVENT_TYPES), PING])
  })

  it('are as the messages are that are sent', async () => {
    const faultOf = validator()
    await eventsOfManyTypes()
    const { items } = (await api.call('GET', '/v1/events?limit=200')).json<{ items: EventMessage[] }>()
    for (const item of items) {
      const schema = document.webhooks?.[item.type]?.post.requestBody?.content['application/json']?.schema ?? {}
      const { id, ...message } = item as EventMessage & { id: string }
      expect([item.type, faultOf(schema, message)]).toEqual([item.type, null])
      const known = Object.keys(resolve(document, schema).properties?.data?.properties ?? {})
      expect([item.type, Object.keys(message.data).filter(name => !known.includes(name))]).toEqual([item.type, []])
    }
    expect(new Set(items.map(({ type }) => type)).size).toBeGreaterThan(11)
  })
})

describe('the problems of every operation', () => {
  it('are listed for each, and for nothing else', () => {
    expect(Object.keys(PROBLEM_CODES).toSorted()).toEqual(operations.map(({ name }) => name).toSorted())
  })

  it('stand under the status of their code, each with an example', () => {
    for (const { name, responses } of operations) {
      expect([name, Object.keys(responses).filter(status => /x/i.test(status))]).toEqual([name, []])
      for (const [status, { content }] of Object.entries(responses))
        for (const [code, example] of Object.entries(content?.[PROBLEM]?.examples ?? {})) {
          expect(String(ERRORS[code as ErrorCode].status)).toBe(status)
          expect(example).toEqual({ $ref: `#/components/examples/${code}` })
        }
    }
  })

  it('are those of all operations of its kind and its own', () => {
    expect(codesOf(operation('POST /v1/webhooks/{id}/test'))).toEqual({
      400: ['INVALID_REQUEST'],
      401: ['UNAUTHORIZED'],
      403: ['FORBIDDEN', 'PROJECT_DELETING'],
      404: ['NOT_FOUND'],
      408: ['REQUEST_TIMEOUT'],
      409: ['IDEMPOTENCY_IN_FLIGHT', 'WEBHOOK_DISABLED'],
      413: ['BODY_TOO_LARGE'],
      415: ['UNSUPPORTED_MEDIA_TYPE'],
      422: ['IDEMPOTENCY_MISMATCH'],
      429: ['RATE_LIMITED'],
      431: ['HEADERS_TOO_LARGE'],
      500: ['INTERNAL'],
      503: ['UNAVAILABLE'],
    })
  })

  it('leave the answer of its own that a status has beside them', () => {
    expect(Object.keys(operation('GET /readyz').responses['503']?.content ?? {})).toEqual(['application/json', PROBLEM])
  })

  it('have examples of their schema', () => {
    const faultOf = validator()
    const examples = Object.entries(document.components.examples)
    const answered = new Set(operations.flatMap(each => Object.values(codesOf(each)).flat()))
    expect(examples.map(([code]) => code).toSorted()).toEqual([...answered].toSorted())
    for (const [code, { value }] of examples) {
      expect([code, faultOf({ $ref: '#/components/schemas/Problem' }, value)]).toEqual([code, null])
      expect(value).toMatchObject({ code, status: ERRORS[code as ErrorCode].status })
    }
  })
})

describe('every operation', () => {
  it('has a name of its own, which clients that are generated call it by', () => {
    const nameless = operations.filter(({ operationId = '' }) => !/^[a-z]+([A-Z][a-z0-9]*)+$/.test(operationId))
    expect(
      nameless.map(({ name }) => name),
      'give each of these routes an `operationId` such as `createShare`, beside its `tags`',
    ).toEqual([])
    const names = operations.map(({ operationId }) => operationId)
    expect(names.filter((each, index) => names.indexOf(each) !== index)).toEqual([])
  })

  it('has a summary and belongs to one tag, which the document explains', () => {
    const explained = document.tags.filter(({ description }) => description).map(({ name }) => name)
    for (const { name, summary, tags = [] } of operations)
      expect([name, typeof summary, tags.length, tags.filter(tag => !explained.includes(tag))]).toEqual([
        ...[name, 'string', 1, []],
      ])
  })

  it('says what each of its parameters means', () => {
    const silent = operations.flatMap(({ name, parameters = [] }) =>
      parameters.filter(({ description }) => !description).map(parameter => `${name}: ${parameter.name}`),
    )
    expect(silent, 'describe each with `.meta({ description })`').toEqual([])
  })

  it('names whom it lets in and with which scope, as its hook does', async () => {
    const securityOf = (name: string) => operation(name).security
    expect(securityOf('POST /v1/uploads')).toEqual([{ key: ['upload'] }])
    expect(securityOf('GET /v1/assets/{id}')).toEqual([{ key: ['read'] }, { clientToken: [] }])
    expect(securityOf('GET /v1/admin/jobs')).toEqual([{ key: ['admin'] }, { operatorKey: ['admin'] }])
    expect(securityOf('GET /metrics')).toEqual([{ operatorKey: ['admin'] }])
    expect(operation('POST /v1/uploads').description).toContain('Needs an API key with the scope `upload`.')
    const { key } = await createKey(api.deps, { scopes: [] })
    // Any key is told what it may do.
    const guarded = operations.filter(
      ({ name, security = [], method }) => method === 'GET' && security.length > 0 && name !== 'GET /v1/key',
    )
    for (const { name, path, security = [] } of guarded) {
      const answer = await api.call('GET', path.replaceAll(/\{\w+\}/g, unknownId()), { key })
      const scopes = security.flatMap(each => Object.values(each).flat())
      expect([name, problemOf(answer), scopes.some(scope => answer.json().detail.includes(scope))]).toEqual([
        ...[name, '403 FORBIDDEN', true],
      ])
    }
  })

  it('that takes a body has an example of it, which its schema takes', () => {
    const faultOf = validator()
    const withBody = operations.filter(({ requestBody }) => requestBody)
    expect(withBody.length).toBeGreaterThan(15)
    for (const { name, requestBody } of withBody) {
      const schema = requestBody?.content['application/json']?.schema ?? {}
      const [named = schema] = (schema.anyOf ?? [schema]).filter(({ type }) => type !== 'null')
      const { example } = resolve(document, named)
      expect([name, example === undefined ? 'no example' : faultOf(named, example)]).toEqual([name, null])
    }
  })

  it('has an example of what it answers, which is of its schema', () => {
    const faultOf = validator()
    const answers = operations.flatMap(({ responses }) =>
      Object.entries(responses).flatMap(([status, { content }]) =>
        status < '300' ? (content?.['application/json']?.schema?.$ref ?? []) : [],
      ),
    )
    for (const $ref of new Set(answers)) {
      const { example } = resolve(document, { $ref })
      expect([$ref, example === undefined ? 'no example' : faultOf({ $ref }, example)]).toEqual([$ref, null])
    }
    const named = Object.keys(ANSWER_EXAMPLES).map(name => `#/components/schemas/${name}`)
    expect(named.filter($ref => !answers.includes($ref))).toEqual([])
  })

  it('says whether its body can be left out', () => {
    expect(operation('POST /v1/uploads').requestBody?.required).toBe(true)
    expect(operation('POST /v1/uploads/{id}/confirm').requestBody?.required).toBe(false)
  })

  it('needs a key, but for a few', () => {
    const open = operations.filter(({ security }) => security?.length === 0).map(({ name }) => name)
    expect(open).toEqual([
      'GET /v/{token}/{file}',
      'GET /z/{token}',
      'GET /s/{token}',
      'GET /v1/status',
      'GET /healthz',
      'GET /readyz',
      'POST /v1/uploads/form',
      'POST /v1/hooks/b2',
    ])
  })

  it('names the types that it answers with', async () => {
    expect(Object.keys(operation('GET /metrics').responses['200']?.content ?? {})).toEqual(['text/plain'])
    const { key } = await createKey(api.deps, { project: null })
    expect((await api.call('GET', '/metrics', { key })).headers['content-type']).toMatch(/^text\/plain/)
  })
})
