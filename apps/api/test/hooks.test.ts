import { createHmac } from 'node:crypto'
import { createLogger } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { call, deliveredUpload, locationOf, PRIVATE_BUCKET, problemOf } from './harness.ts'
import { useTestApi } from './use-test-api.ts'

/** Of the tests of Backblaze's SDK for Java, B2EventNotificationRuleTest. */
const SECRET = '3XDfkdQte2OgA78qCtSD17LAzpj6ay9H'

const api = useTestApi()
let app: FastifyInstance
beforeAll(async () => {
  app = await api.variant({ settings: { eventSecret: SECRET } })
})
beforeEach(() => api.deps.database.db.execute(sql`DELETE FROM inbox`))

const inbox = async () => [
  ...(await api.deps.database.db.execute(
    sql`SELECT event_id, type, bucket, key, version_id, byte_size::int, data, processed_at FROM inbox ORDER BY event_id`,
  )),
]

const event = (eventId: string, more: object = {}) => ({
  accountId: 'a',
  bucketId: 'b',
  bucketName: 'darkroom',
  eventId,
  eventTimestamp: 1_790_000_000_000,
  eventType: 'b2:ObjectCreated:Upload',
  eventVersion: 1,
  matchedRuleName: 'darkroom-uploads',
  objectName: 'uploads/x',
  objectSize: 30,
  objectVersionId: '4_z1',
  ...more,
})
const bodyOf = (...events: object[]) => JSON.stringify({ events })
const sign = (body: string, secret = SECRET) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`

function post(body: string, signature: string | null = sign(body), target = app) {
  const headers = {
    'content-type': 'application/json',
    ...(signature !== null && { 'x-bz-event-notification-signature': signature }),
  }
  return call(target, 'POST', '/v1/hooks/b2', { headers, body })
}

describe('POST /v1/hooks/b2', () => {
  it('keeps signed events and answers 200', async () => {
    const answer = await post(bodyOf(event('1'), event('2', { objectName: 'uploads/ü', objectSize: null })))
    expect([answer.statusCode, answer.body]).toEqual([200, '{}'])
    const data = { eventTimestamp: 1_790_000_000_000, matchedRuleName: 'darkroom-uploads' }
    const row = { type: 'b2:ObjectCreated:Upload', bucket: 'darkroom', version_id: '4_z1', data, processed_at: null }
    expect(await inbox()).toEqual([
      { ...row, event_id: '1', key: 'uploads/x', byte_size: 30 },
      { ...row, event_id: '2', key: 'uploads/ü', byte_size: null },
    ])
  })

  it('keeps an event once, however often and in whatever company it comes', async () => {
    const bodies = [bodyOf(event('1')), bodyOf(event('1'), event('1')), bodyOf(event('2'), event('1'))]
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => bodies)
        .flat()
        .map(body => post(body)),
    )
    expect(new Set(answers.map(answer => answer.statusCode))).toEqual(new Set([200]))
    expect((await inbox()).map(row => row.event_id)).toEqual(['1', '2'])
  })

  it('keeps what it does not know, and what lacks all that is not needed', async () => {
    const bare = { eventId: '3', eventType: 'b2:TestEvent' }
    const body = bodyOf(event('1', { eventType: 'b2:NewThing:Made', news: [1] }), event('2', { objectSize: 'x' }), bare)
    expect((await post(body)).statusCode).toBe(200)
    expect((await inbox()).map(row => [row.type, row.key, row.byte_size])).toEqual([
      ['b2:NewThing:Made', 'uploads/x', 30],
      ['b2:ObjectCreated:Upload', 'uploads/x', null],
      ['b2:TestEvent', '', null],
    ])
  })

  it('drops events of no shape at all and keeps the others', async () => {
    expect((await post(JSON.stringify({ events: [event('1'), {}, 7, event('a\0b')] }))).statusCode).toBe(200)
    expect(await inbox()).toHaveLength(1)
  })

  it.each(['not JSON', '[]', '{"events":{}}'])(
    'answers 400 to a signed body that is no list of events: %s',
    async body => {
      expect(problemOf(await post(body))).toBe('400 INVALID_REQUEST')
    },
  )

  it('takes the body whatever its content type says', async () => {
    const body = bodyOf(event('1'))
    const headers = { 'content-type': 'text/plain', 'x-bz-event-notification-signature': sign(body) }
    expect((await app.inject({ method: 'POST', url: '/v1/hooks/b2', headers, payload: body })).statusCode).toBe(200)
  })

  it('tells whoever listens', async () => {
    const heard = vi.fn()
    const unlisten = await api.deps.database.listen('darkroom_inbox', heard)
    await post(bodyOf(event('1')))
    await expect.poll(() => heard.mock.calls.length).toBe(1)
    await unlisten()
  })

  it('takes the events that the local B2 sends, over the wire', async () => {
    const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/v1/hooks/b2`
    const rule = { name: 'uploads', bucket: PRIVATE_BUCKET, prefix: 'uploads/', eventTypes: ['b2:ObjectCreated:*'] }
    api.b2.setEventRules([{ ...rule, url, secret: SECRET }])
    const { key } = locationOf(await deliveredUpload(api))
    await expect.poll(inbox, { timeout: 10_000 }).toMatchObject([{ key, type: 'b2:ObjectCreated:Upload' }])
    api.b2.setEventRules([])
  })

  it('is not there without a secret', async () => {
    expect(problemOf(await post(bodyOf(event('1')), undefined, api.app))).toBe('404 NOT_FOUND')
  })
})

describe('a request that is not the store’s', () => {
  const body = bodyOf(event('1'))

  it.each([
    ['unsigned', body, null],
    ['signed with another secret', body, sign(body, 'x'.repeat(32))],
    ['signed for another body', body, sign(bodyOf(event('2')))],
    ['cut off', body.slice(0, -5), sign(body)],
    ['parsed and written again', JSON.stringify(JSON.parse(body), null, 1), sign(body)],
    ['empty', '', sign(body)],
    ['signed with nothing', body, 'v1='],
  ])('is 401 when it is %s, stores nothing and leaves one line in the log', async (_title, sent, signature) => {
    const lines: string[] = []
    const write = vi.spyOn(process.stderr, 'write').mockImplementation(line => lines.push(String(line)) > 0)
    const logged = await api.variant({ settings: { eventSecret: SECRET }, logger: createLogger('test') })
    const answer = await post(sent, signature, logged)
    write.mockRestore()
    expect(problemOf(answer)).toBe('401 UNAUTHORIZED')
    expect(await inbox()).toEqual([])
    expect(lines.filter(line => line.includes('event notification'))).toHaveLength(1)
    expect(lines.join('')).not.toContain(SECRET)
  })

  it('is 413 when it is larger than any batch', async () => {
    expect(problemOf(await post('x'.repeat(600_000)))).toBe('413 BODY_TOO_LARGE')
  })
})
