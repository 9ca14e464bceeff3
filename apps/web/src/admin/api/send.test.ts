import { expect, test } from 'vitest'
import { createSend, createSendOnce } from './send.ts'

function setUp(...answers: (Response | Error)[]) {
  const requests: { method: string | undefined; key: string | null }[] = []
  const send = createSend({
    apiKey: () => 'dk_test',
    onUnauthorized: () => undefined,
    fetch: async (_, init) => {
      requests.push({ method: init?.method, key: new Headers(init?.headers).get('idempotency-key') })
      const answer = answers.shift() ?? new Error('no more answers')
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  let ids = 0
  const newId = () => {
    ids += 1
    return `id-${ids}`
  }
  return { send, sendOnce: createSendOnce(send, newId), requests }
}

test('what is to be done once is tried again under the same key', async () => {
  const { sendOnce, requests } = setUp(new TypeError('lost'), Response.json({ id: 'w1' }), Response.json({ id: 'w2' }))
  expect(await sendOnce('/v1/webhooks', { url: 'https://a.example' })).toEqual({ id: 'w1' })
  await sendOnce('/v1/webhooks')
  expect(requests).toEqual([
    { method: 'POST', key: 'id-1' },
    { method: 'POST', key: 'id-1' },
    { method: 'POST', key: 'id-2' },
  ])
})

test('what may be done twice is not tried again and has no key', async () => {
  const { send, requests } = setUp(new TypeError('lost'), Response.json({}))
  await expect(send('PATCH', '/v1/webhooks/w1', { enabled: false })).rejects.toThrow('could not be reached')
  expect(requests).toEqual([{ method: 'PATCH', key: null }])
})

test('an empty answer is nothing', async () => {
  const { send } = setUp(new Response(null, { status: 204 }))
  expect(await send('DELETE', '/v1/webhooks/w1')).toBeUndefined()
})
