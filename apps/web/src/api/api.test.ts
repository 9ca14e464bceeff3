import { describe, expect, test } from 'vitest'
import { createApi } from './api.ts'
import { ApiError } from './api-error.ts'
import { retryDelayMs, withRetries } from './with-retries.ts'

function setUp(answer: Response | Error, whileAsking: (tab: { key: string | null }) => void = () => undefined) {
  const requests: { path: string; init: RequestInit | undefined }[] = []
  const refused: string[] = []
  const tab: { key: string | null } = { key: 'dk_test' }
  const api = createApi({
    apiKey: () => tab.key,
    onUnauthorized: key => void refused.push(key),
    async fetch(path, init) {
      requests.push({ path: String(path), init })
      whileAsking(tab)
      if (answer instanceof Error) throw answer
      return answer.clone()
    },
  })
  return { api, requests, refused, tab }
}

const problem = (status: number, body: object, headers: HeadersInit = {}) =>
  new Response(JSON.stringify(body), { status, headers })

describe('the API client', () => {
  test('sends the key, the body and the idempotency key', async () => {
    const { api, requests } = setUp(Response.json({}))
    await api.createUpload({ filename: 'cat.jpg', contentType: 'image/jpeg', byteSize: 3 }, 'k1')
    expect(requests[0]).toMatchObject({
      path: '/v1/uploads',
      init: { method: 'POST', headers: { authorization: 'Bearer dk_test', 'idempotency-key': 'k1' } },
    })
  })

  test('says no content type where there is no body', async () => {
    const { api, requests } = setUp(new Response(null, { status: 204 }))
    await api.abortUpload('u1')
    expect(requests[0]?.init?.headers).not.toHaveProperty('content-type')
  })

  test('asks for many assets 200 at a time', async () => {
    const { api, requests } = setUp(Response.json({ items: [] }))
    await api.readAssets(Array.from({ length: 450 }, (_, index) => `a${index}`))
    expect(requests.map(({ init }) => JSON.parse(String(init?.body)).ids.length)).toEqual([200, 200, 50])
  })

  test('throws what the problem document says, fields included', async () => {
    const body = { code: 'INVALID_REQUEST', detail: 'Not valid.', errors: [{ path: 'filename', message: 'too long' }] }
    const { api } = setUp(problem(400, body))
    await expect(api.status()).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'Not valid. filename: too long.',
      status: 400,
    })
  })

  test.each([
    [502, 'UNAVAILABLE'],
    [429, 'RATE_LIMITED'],
    [404, 'NOT_FOUND'],
    [500, 'INTERNAL'],
  ])('makes sense of a %i that is no problem document', async (status, code) => {
    const { api } = setUp(new Response('<html>', { status, headers: { 'retry-after': '2' } }))
    await expect(api.status()).rejects.toMatchObject({ code, status, retryAfterMs: 2000 })
  })

  test('throws NETWORK when nothing answers or the answer breaks off', async () => {
    await expect(setUp(new TypeError('failed')).api.status()).rejects.toMatchObject({ code: 'NETWORK', status: null })
    await expect(setUp(new Response('{"mo')).api.status()).rejects.toMatchObject({ code: 'NETWORK' })
  })

  test('tells which key was refused', async () => {
    const { api, refused } = setUp(problem(401, { code: 'UNAUTHORIZED', detail: 'No.' }), tab => {
      tab.key = 'dk_other'
    })
    await expect(api.deleteAsset('a1')).rejects.toThrow('No.')
    expect(refused).toEqual(['dk_test'])
  })

  test('asks for the status only while there is no key, and says so of all else', async () => {
    const { api, requests, refused, tab } = setUp(Response.json({ mode: 'configured' }))
    tab.key = null
    await expect(api.deleteAsset('a1')).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    expect(await api.status()).toEqual({ mode: 'configured' })
    expect(requests.map(({ path }) => path)).toEqual(['/v1/status'])
    expect(requests[0]?.init?.headers).not.toHaveProperty('authorization')
    expect(refused).toEqual([])
  })

  test.each([
    ['a success', Response.json({ items: [] })],
    ['a 404, which would mean that it is gone', problem(404, { code: 'NOT_FOUND', detail: 'No.' })],
  ])('takes from another key’s answer nothing: %s', async (_, answer) => {
    const { api } = setUp(answer, tab => {
      tab.key = 'dk_other'
    })
    await expect(api.deleteAsset('a1')).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  test('gives up on an answer that does not come', async () => {
    const { api, requests } = setUp(Response.json({ items: [] }))
    await api.readAssets(['a1'])
    expect(requests[0]?.init?.signal).toBeInstanceOf(AbortSignal)
    const timedOut = setUp(new DOMException('too late', 'TimeoutError'))
    await expect(timedOut.api.readAssets(['a1'])).rejects.toMatchObject({ code: 'NETWORK' })
  })
})

describe('retries', () => {
  const error = (status: number | null, retryAfterMs: number | null = null) =>
    new ApiError({ code: 'X', detail: 'x', status, retryAfterMs })

  async function attemptsFor(fault: unknown): Promise<number> {
    let attempts = 0
    const request = () => {
      attempts += 1
      return Promise.reject(fault)
    }
    await expect(withRetries(request, { wait: async () => undefined })).rejects.toBe(fault)
    return attempts
  }

  test.each([
    ['no answer', error(null), 4],
    ['503', error(503), 4],
    ['429', error(429), 4],
    ['500', error(500), 4],
    ['409', error(409), 1],
    ['409 that says when to ask again', error(409, 1000), 4],
    ['a bug', new TypeError('x'), 1],
  ])('after %s', async (_, fault, attempts) => {
    expect(await attemptsFor(fault)).toBe(attempts)
  })

  test('wait longer each time, or as long as the server asks', () => {
    expect([0, 1, 2].map(retry => retryDelayMs(retry, null))).toEqual([500, 1000, 2000])
    expect(retryDelayMs(0, 4000)).toBe(4000)
    expect(retryDelayMs(0, 60_000)).toBe(60_000)
    expect(retryDelayMs(0, 600_000)).toBe(60_000)
  })

  test('do not count what fails while the service is away', async () => {
    const faults = [...Array(20).fill(error(null)), ...Array(3).fill(error(503))]
    const waits: number[] = []
    const result = await withRetries(
      async () => {
        const fault = faults.shift()
        if (fault) throw fault
        return 'done'
      },
      { wait: async ms => void waits.push(ms), outage: async () => faults.length >= 3 },
    )
    expect(result).toBe('done')
    expect(waits).toEqual([500, 1000, 2000])
  })
})
