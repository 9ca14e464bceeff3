import { beforeAll, describe, expect, it } from 'vitest'
import { type Document, type Operation, operationsOf, resolve } from './fuzz/document.ts'
import { createKey, createUpload, problemOf, unknownId } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

const api = useTestApi()
let document: Document
let operations: Operation[]
let operator: string
beforeAll(async () => {
  document = (await api.call('GET', '/openapi.json', { key: null })).json()
  operations = operationsOf(document)
  operator = (await createKey(api.deps, { project: null })).key
})

interface FieldError {
  path: string
  message: string
}
const errorsOf = (answer: { body: string }): FieldError[] => JSON.parse(answer.body).errors ?? []

/** Links that people pass on: whoever shows them adds parameters of their own. */
const LINKS = ['GET /v/{token}/{file}', 'GET /s/{token}', 'GET /z/{token}']
/** What the store sends has the store's shape. */
const OF_THE_STORE = 'POST /v1/hooks/b2'
/** Their bodies are files. */
const takesFile = ({ path }: Operation) => path.startsWith('/v1/tus') || path === '/v1/uploads/form'
/** Of tus; the others have no such headers. */
const HEADERS = { 'tus-resumable': '1.0.0', 'upload-length': '1', 'upload-offset': '0' }

/** Asks an operation of anything that does not exist, with a key that may. */
async function ask({ method, path }: Operation, { query = '', body }: { query?: string; body?: unknown }) {
  const url = path.replaceAll(/\{\w+\}/g, () => unknownId()) + query
  const asked = (key: string) => api.call(method as 'POST', url, { key, body, headers: HEADERS })
  const answer = await asked(api.key)
  return answer.statusCode === 403 ? asked(operator) : answer
}

const faultOf = (answer: { statusCode: number; headers: Record<string, unknown>; body: string }) =>
  answer.statusCode < 400 ? String(answer.statusCode) : [problemOf(answer), ...errorsOf(answer).map(({ path }) => path)]

function exampleOf({ requestBody }: Operation): Record<string, unknown> {
  const schema = requestBody?.content['application/json']?.schema ?? {}
  const [named = schema] = (schema.anyOf ?? [schema]).filter(({ type }) => type !== 'null')
  return (resolve(document, named).example ?? {}) as Record<string, unknown>
}

/** Copies of a value, each with an unknown field in one of its objects, and where that is. */
function misspelt(value: unknown, path: string): { path: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null || path.endsWith('.metadata')) return []
  const own = Array.isArray(value) ? [] : [{ path: `${path}.unknownField`, value: { ...value, unknownField: 1 } }]
  const nested = Object.entries(value).flatMap(([name, child]) =>
    misspelt(child, `${path}.${name}`).map(copy => ({
      path: copy.path,
      value: Array.isArray(value) ? value.with(Number(name), copy.value) : { ...value, [name]: copy.value },
    })),
  )
  return [...own, ...nested]
}

describe('what no operation knows', () => {
  it('is refused in the query of every operation, but for links that people pass on', async () => {
    // The answer of a HEAD has no body to say it in.
    for (const operation of operations.filter(({ name, method }) => !LINKS.includes(name) && method !== 'HEAD')) {
      const answer = await ask(operation, { query: '?unknownField=1', body: exampleBody(operation) })
      expect([operation.name, faultOf(answer)]).toEqual([
        operation.name,
        expect.arrayContaining(['400 INVALID_REQUEST', 'querystring.unknownField']),
      ])
    }
  })

  it('is refused in the body of every operation, at any depth', async () => {
    const withBody = operations.filter(({ method, name }) => method !== 'GET' && name !== OF_THE_STORE)
    expect(withBody.length).toBeGreaterThan(40)
    for (const operation of withBody.filter(each => !takesFile(each)))
      for (const { path, value } of misspelt(exampleOf(operation), 'body')) {
        const answer = await ask(operation, { body: value })
        expect([operation.name, faultOf(answer)]).toEqual([operation.name, ['400 INVALID_REQUEST', path]])
      }
  })

  it.each(LINKS)('is passed over by %s', async name => {
    const operation = operations.find(each => each.name === name) as Operation
    expect((await ask(operation, { query: '?fbclid=1' })).statusCode).toBe(404)
  })
})

describe('an error of a field', () => {
  it.each([
    [
      'POST',
      '/v1/admin/jobs/requeue',
      { filter: { codee: 'X' } },
      'body.filter.codee',
      'Unknown field "codee". Did you mean "code"?',
    ],
    [
      'POST',
      '/v1/admin/jobs/requeue',
      { all: true, dryrun: true },
      'body.dryrun',
      'Unknown field "dryrun". Did you mean "dryRun"?',
    ],
    [
      'POST',
      '/v1/uploads/x/confirm',
      { parts: [{ partNumber: 1, etag: 'e', size: 1 }] },
      'body.parts.0.size',
      'Unknown field "size".',
    ],
    [
      'GET',
      '/v1/assets?fodler=a',
      undefined,
      'querystring.fodler',
      'Unknown parameter "fodler". Did you mean "folder"?',
    ],
    [
      'GET',
      '/v1/assets?sort=-createdat',
      undefined,
      'querystring.sort',
      expect.stringMatching(/^expected one of .*; did you mean "-createdAt"\?$/),
    ],
    ['GET', '/v1/assets?limit=x', undefined, 'querystring.limit', 'expected a number'],
    ['PATCH', '/v1/assets/x', { filename: '' }, 'body.filename', 'expected at least 1 character'],
    ['PATCH', '/v1/assets/x', { tags: 'sea' }, 'body.tags', 'expected a list'],
    [
      'POST',
      '/v1/uploads',
      { filename: 'a', contentType: 'a/b' },
      'body.byteSize',
      'expected a number, but it is missing',
    ],
    [
      'POST',
      '/v1/assets/bulk',
      { action: 'tags' },
      'body.action',
      'expected one of "tag", "untag", "move", "delete", "restore"; did you mean "tag"?',
    ],
    ['POST', '/v1/assets/bulk', { action: 'delete', filter: {} }, 'body.all', expect.stringContaining('"all": true')],
  ] as const)('of %s %s %j names it and what was expected', async (method, url, body, path, message) => {
    const answer = await api.call(method, url, { body })
    expect(problemOf(answer)).toBe('400 INVALID_REQUEST')
    expect(errorsOf(answer)).toEqual([{ path, message }])
  })

  it('is one of fifty at most, and repeats no more of a name than is read', async () => {
    const body = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`field ${at}`, 1]))
    expect(errorsOf(await api.call('PATCH', '/v1/assets/x', { body }))).toHaveLength(50)
    const [error] = errorsOf(await api.call('PATCH', '/v1/assets/x', { body: { ['x'.repeat(10_000)]: 1 } }))
    expect(`${error?.path}${error?.message}`.length).toBeLessThan(300)
  })
})

describe('what means everything', () => {
  const requeue = (body: object) => api.call('POST', '/v1/admin/jobs/requeue', { key: operator, body })

  it.each([{}, { filter: {} }, { filter: { status: 'cancelled' } }, { filter: {}, dryRun: true }])(
    'is not requeued unasked, as by %j',
    async body => {
      const answer = await requeue(body)
      expect([problemOf(answer), ...errorsOf(answer).map(({ path }) => path)]).toEqual([
        '400 INVALID_REQUEST',
        'body.all',
      ])
    },
  )

  it('is requeued when the request says so', async () => {
    expect((await requeue({ all: true })).json()).toEqual({ matched: 0, requeued: 0, skipped: {} })
  })

  it('is changed in bulk when the request says so', async () => {
    const { asset } = await createUpload(api)
    const bulk = async (body: object) => (await api.call('POST', '/v1/assets/bulk', { body })).json()
    const body = { action: 'tag', tags: ['all'], all: true }
    expect(await bulk({ ...body, dryRun: true })).toMatchObject({ matched: 1, changed: 0, remaining: 1 })
    expect(await bulk(body)).toMatchObject({ matched: 1, changed: 1, remaining: 0 })
    expect((await api.call('GET', `/v1/assets/${asset.id}`)).json().tags).toEqual(['all'])
  })

  it('is not made again by a filter that names nothing', async () => {
    const answer = await api.call('POST', '/v1/presets/default/apply', { body: { version: 1, filter: {} } })
    expect([problemOf(answer), errorsOf(answer).map(({ path }) => path)]).toEqual([
      '400 INVALID_REQUEST',
      ['body.filter'],
    ])
  })
})

function exampleBody(operation: Operation): unknown {
  return operation.requestBody && operation.name !== OF_THE_STORE ? exampleOf(operation) : undefined
}
