import { expect, test } from 'vitest'
import { actualCorsHeaders, type CorsRule, findCorsRule, preflightHeaders } from './cors.ts'

const rule: CorsRule = {
  id: undefined,
  allowedOrigins: ['https://a.example', 'https://*.b.example'],
  allowedMethods: ['GET', 'PUT'],
  allowedHeaders: ['Content-Type', 'x-amz-*'],
  exposeHeaders: ['ETag'],
  maxAgeSeconds: 60,
}

test.each([
  ['https://a.example', 'GET', [], true],
  ['https://x.b.example', 'PUT', ['content-type', 'X-Amz-Date'], true],
  ['https://a.example:8080', 'GET', [], false],
  ['http://a.example', 'GET', [], false],
  ['https://A.example', 'GET', [], false],
  ['https://a.example.evil', 'GET', [], false],
  ['https://.b.exampl', 'GET', [], false],
  ['https://a.example', 'POST', [], false],
  ['https://a.example', 'get', [], false],
  ['https://a.example', 'GET', ['content-type', 'authorization'], false],
])('for %s %s %j answers %s', (origin, method, headers, allowed) => {
  expect(findCorsRule([rule], { origin, method, headers }) !== undefined).toBe(allowed)
})

test('takes the first rule that fits', () => {
  const open = { ...rule, allowedOrigins: ['*'] }
  expect(findCorsRule([rule, open], { origin: 'https://z.example', method: 'GET', headers: [] })).toBe(open)
  expect(actualCorsHeaders(open, 'https://z.example')).toEqual({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, PUT',
    'access-control-expose-headers': 'ETag',
  })
})

test('answers a preflight with what was asked for', () => {
  expect(preflightHeaders(rule, { origin: 'https://a.example', method: 'PUT', headers: ['x-amz-date'] })).toEqual({
    'access-control-allow-origin': 'https://a.example',
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, PUT',
    'access-control-expose-headers': 'ETag',
    'access-control-allow-headers': 'x-amz-date',
    'access-control-max-age': '60',
  })
})
