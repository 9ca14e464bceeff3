import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { newSecret } from './secret.ts'
import { signedHeaders } from './sign.ts'

const [old, current] = [newSecret(), newSecret()]
const message = { id: 'msg', body: '{"type":"asset.ready","data":{"n": 1}}', secrets: [current], now: new Date() }

describe('a signature', () => {
  it('is the one of the specification’s test vector', () => {
    const headers = signedHeaders({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      body: '{"test": 2432232314}',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      now: new Date(1_614_265_330_000),
    })
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('is verified by the reference library, with the old secret and with the new one', () => {
    const headers = signedHeaders({ ...message, secrets: [current, old] })
    expect(headers['webhook-signature'].split(' ')).toHaveLength(2)
    for (const secret of [old, current]) {
      expect(new Webhook(secret).verify(message.body, headers)).toEqual(JSON.parse(message.body))
    }
  })

  const signed = signedHeaders(message)
  const [version, signature = ''] = signed['webhook-signature'].split(',')
  it.each<[string, string, Record<string, string>]>([
    ['a body that was parsed and written again', JSON.stringify(JSON.parse(message.body)), {}],
    ['another id', message.body, { 'webhook-id': 'other' }],
    ['a time that is too long ago', message.body, signedHeaders({ ...message, now: new Date(Date.now() - 301_000) })],
    ['another time', message.body, { 'webhook-timestamp': String(Number(signed['webhook-timestamp']) + 1) }],
    ['the signature in another case', message.body, { 'webhook-signature': `${version},${signature.toLowerCase()}` }],
    ['a shorter signature', message.body, { 'webhook-signature': `${version},${signature.slice(0, -4)}` }],
    ['an empty signature', message.body, { 'webhook-signature': `${version},` }],
    ['signatures in a list with commas', message.body, { 'webhook-signature': `${version},AAAA,${signature}` }],
    ['a signature of a stranger', message.body, signedHeaders({ ...message, secrets: [old] })],
  ])('does not verify with %s', (_, body, change) => {
    expect(() => new Webhook(current).verify(body, { ...signed, ...change })).toThrow()
  })
})
