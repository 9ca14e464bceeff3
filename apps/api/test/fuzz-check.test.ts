import { describe, expect, it } from 'vitest'
import { createCheck } from './fuzz/check.ts'
import type { Document, Operation } from './fuzz/document.ts'
import type { FuzzRequest } from './fuzz/request.ts'
import type { Answer } from './fuzz/send.ts'

// Whether the fuzzer sees what it is to see: an answer of each kind that must not be.

const thing = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
const problem = { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] }
const operation: Operation = {
  name: 'POST /v1/things',
  method: 'POST',
  path: '/v1/things',
  requestBody: { content: { 'application/json': { schema: thing } } },
  responses: {
    200: { content: { 'application/json': { schema: thing } }, headers: { ETag: {} } },
    302: { headers: { Location: { required: true } } },
    404: { content: { 'application/problem+json': { schema: problem, examples: { NOT_FOUND: {} } } } },
  },
}
const document = {
  paths: { '/v1/things': { post: operation } },
  components: { schemas: { Problem: problem } },
} as Document
const check = createCheck(document)

const actor = { name: 'own', authorization: 'Bearer x', owner: 'own' as const, isOperator: false, weight: 1 }
const request: FuzzRequest = {
  actor,
  method: 'POST',
  target: '/v1/things',
  headers: [],
  foreign: false,
  body: Buffer.from('{"id":"a"}'),
}
const answer = (status: number, body: unknown, type = 'application/json'): Answer => ({
  status,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const refusal = (code: string, status = 404) => answer(404, { code, status }, 'application/problem+json')
const good = answer(200, { id: 'a' })

describe('the fuzzer', () => {
  it('finds nothing where an answer is as documented', () => {
    expect(check(operation, request, good)).toEqual([])
    expect(check(operation, request, refusal('NOT_FOUND'))).toEqual([])
  })

  it.each<[fault: string, Partial<FuzzRequest>, Answer]>([
    ['answered 500', {}, answer(500, {})],
    ['status 418 is not documented', {}, answer(418, {})],
    ['text/html is not documented for 200', {}, answer(200, '<p>', 'text/html; charset=utf-8')],
    ['the body is no JSON', {}, answer(200, '{')],
    ["must have required property 'id'", {}, answer(200, {})],
    ['the code GONE is not documented', {}, refusal('GONE')],
    ['GONE is no code of the catalogue', {}, refusal('GONE')],
    ['status 410 in the body of 404', {}, refusal('NOT_FOUND', 410)],
    ['took a body that its schema refuses', { body: Buffer.from('{"id":7}') }, good],
    ['tells of our insides', {}, answer(200, { id: 'at f (/app/src/x.ts:7:1)' })],
    ['tells of our insides', {}, answer(200, { id: 'select 1 from "assets"' })],
    ['reached what belongs to another project', { foreign: true }, good],
    ['let in nobody', { actor: { ...actor, owner: null } }, good],
    ['the header Location is documented and not sent', { body: null }, { status: 302, headers: {}, body: '' }],
    ['the header x-secret is not documented', {}, { ...good, headers: { ...good.headers, 'x-secret': '1' } }],
  ])('finds: %s', (fault, change, given) => {
    expect(check(operation, { ...request, ...change }, given).join('\n')).toContain(fault)
  })
})
