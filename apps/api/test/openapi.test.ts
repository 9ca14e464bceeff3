import { ERRORS, type ErrorCode } from '@darkroom/contracts'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ANSWER_EXAMPLES } from '../src/plugins/openapi-examples.ts'
import { PROBLEM_CODES } from '../src/routes/problem-codes.ts'
import { type Document, type Operation, operationsOf, resolve, type Schema } from './fuzz/document.ts'
import { createKey, startTestApi, type TestApi } from './harness.ts'

let api: TestApi
let document: Document & { components: { examples: Record<string, { value: unknown }> } }
let operations: Operation[]
beforeAll(async () => {
  api = await startTestApi()
  document = (await api.call('GET', '/openapi.json', { key: null })).json()
  operations = operationsOf(document)
})
afterAll(() => api.close())

const PROBLEM = 'application/problem+json'
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
      403: ['FORBIDDEN'],
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
    expect(examples.map(([code]) => code)).toEqual(Object.keys(ERRORS))
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
      'GET /s/{token}',
      'GET /v1/status',
      'GET /healthz',
      'GET /readyz',
      'POST /v1/hooks/b2',
    ])
  })

  it('names the types that it answers with', async () => {
    expect(Object.keys(operation('GET /metrics').responses['200']?.content ?? {})).toEqual(['text/plain'])
    const { key } = await createKey(api.deps, { project: null })
    expect((await api.call('GET', '/metrics', { key })).headers['content-type']).toMatch(/^text\/plain/)
  })
})
