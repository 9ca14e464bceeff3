import { expect, test } from 'vitest'
import { signEvent } from './event-delivery.ts'
import { ruleMatches } from './event-sink.ts'

const rule = { name: 'rule-1', bucket: 'bucket', prefix: 'in/', url: 'http://x/', secret: 's' }

test.each([
  [['b2:ObjectCreated:*'], 'bucket', 'in/a', true],
  [['b2:ObjectCreated:Upload'], 'bucket', 'in/a', true],
  [['b2:ObjectCreated:Copy', 'b2:ObjectDeleted:*'], 'bucket', 'in/a', false],
  [['b2:ObjectCreated:*'], 'bucket', 'out/a', false],
  [['b2:ObjectCreated:*'], 'bucket-2', 'in/a', false],
])('a rule for %j fits an upload to %s/%s: %s', (eventTypes, bucket, key, fits) => {
  expect(ruleMatches({ ...rule, eventTypes }, 'b2:ObjectCreated:Upload', bucket, key)).toBe(fits)
})

test('signs the raw body with HMAC-SHA256 as B2 does', () => {
  // RFC 4231, test case 2.
  expect(signEvent('what do ya want for nothing?', 'Jefe')).toBe(
    'v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})
