import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDarkroom } from './darkroom.ts'
import { DarkroomError } from './errors.ts'

const PROBLEM = { 'content-type': 'application/problem+json' }
const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ status, code, detail: `It is ${code}.`, requestId: 'r1' }), {
    status,
    headers: { ...PROBLEM, ...headers },
  })
const success = () => Response.json({ items: [], notFound: [] })

/** Answers one request after the other; the last answer stands for all that follow. */
function serve(...answers: (() => Response | Promise<Response>)[]) {
  const requests: Request[] = []
  const fetch = vi.fn(async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    requests.push(request)
    const answer = answers[Math.min(requests.length, answers.length) - 1]
    if (!answer) throw new Error('nothing is served')
    return answer()
  })
  return { requests, darkroom: createDarkroom({ url: 'https://media.example.com/', key: 'dk_a', fetch }) }
}

const offline = () => Promise.reject(new TypeError('fetch failed'))

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Lets all time pass that the call wants to wait for, and returns how it ended. */
async function settled<T>(call: Promise<T>): Promise<T | DarkroomError> {
  const outcome = call.catch((error: DarkroomError) => error)
  await vi.runAllTimersAsync()
  return outcome
}

describe('a call', () => {
  it('goes to the URL with the key', async () => {
    const { darkroom, requests } = serve(success)
    await darkroom.assets.getMany(['a'])
    const [request] = requests
    expect([request?.method, request?.url]).toEqual(['POST', 'https://media.example.com/v1/assets/status'])
    expect(request?.headers.get('authorization')).toBe('Bearer dk_a')
    expect(await request?.json()).toEqual({ ids: ['a'] })
  })

  it.each([
    ['no answer', offline],
    ['503', () => problem(503, 'UNAVAILABLE')],
    ['429', () => problem(429, 'RATE_LIMITED')],
    ['500', () => problem(500, 'INTERNAL')],
    ['502 of a proxy', () => new Response('<html>', { status: 502 })],
    ['409 with Retry-After', () => problem(409, 'IDEMPOTENCY_IN_FLIGHT', { 'retry-after': '1' })],
  ])('that failed by %s is repeated with the same Idempotency-Key', async (_name, failure) => {
    const { darkroom, requests } = serve(failure, failure, success)
    expect(await settled(darkroom.assets.getMany(['a']))).toEqual({ items: [], notFound: [] })
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'))
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
  })

  it('has a key of its own, or the one that it is given', async () => {
    const { darkroom, requests } = serve(success)
    await darkroom.assets.getMany(['a'])
    await darkroom.assets.getMany(['a'])
    await darkroom.assets.getMany(['a'], { idempotencyKey: 'mine' })
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'))
    expect(new Set(keys).size).toBe(3)
    expect(keys[2]).toBe('mine')
  })

  it('waits as long as the service asks for', async () => {
    const { darkroom, requests } = serve(() => problem(429, 'RATE_LIMITED', { 'retry-after': '20' }), success)
    const call = darkroom.assets.getMany(['a'])
    await vi.advanceTimersByTimeAsync(19_900)
    expect(requests).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    expect(requests).toHaveLength(2)
    await call
  })

  it('is not repeated when the service asks for more than a minute', async () => {
    const { darkroom, requests } = serve(() => problem(429, 'RATE_LIMITED', { 'retry-after': '61' }))
    expect(await settled(darkroom.assets.getMany(['a']))).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 61 })
    expect(requests).toHaveLength(1)
  })

  it('ends after five attempts', async () => {
    const { darkroom, requests } = serve(offline)
    expect(await settled(darkroom.assets.getMany(['a']))).toMatchObject({
      code: 'NETWORK',
      status: null,
      retryable: true,
    })
    expect(requests).toHaveLength(5)
  })

  it('is not repeated when the service refuses it', async () => {
    const { darkroom, requests } = serve(() => problem(404, 'NOT_FOUND'))
    expect(await settled(darkroom.assets.get('a'))).toMatchObject({
      name: 'DarkroomError',
      code: 'NOT_FOUND',
      status: 404,
      message: 'It is NOT_FOUND.',
      advice: 'No such resource in your project.',
      requestId: 'r1',
      retryable: false,
    })
    expect(requests).toHaveLength(1)
  })

  it('that is a PATCH is repeated only when the service had not begun', async () => {
    const lost = serve(offline, success)
    expect(await settled(lost.darkroom.assets.update('a', { tags: [] }))).toMatchObject({ code: 'NETWORK' })
    expect(lost.requests).toHaveLength(1)
    const refused = serve(() => problem(503, 'UNAVAILABLE'), success)
    await settled(refused.darkroom.assets.update('a', { tags: [] }))
    expect(refused.requests).toHaveLength(2)
  })

  it('counts as unanswered when its answer breaks off', async () => {
    const broken = () =>
      new Response(new ReadableStream({ start: stream => stream.error(new TypeError('terminated')) }), { status: 200 })
    const { darkroom, requests } = serve(broken, success)
    expect(await settled(darkroom.assets.getMany(['a']))).toEqual({ items: [], notFound: [] })
    expect(requests).toHaveLength(2)
  })

  it('says that an answer which is not JSON is not of Darkroom', async () => {
    const { darkroom } = serve(() => new Response('<html>hello</html>'))
    expect(await settled(darkroom.assets.get('a'))).toMatchObject({ code: 'INVALID_ANSWER' })
  })

  it.each([401, 403, 404])('does not take the %i of another service for one of Darkroom', async status => {
    const { darkroom } = serve(() => new Response('<html>', { status }))
    expect(await settled(darkroom.assets.get('a'))).toMatchObject({ code: 'INVALID_ANSWER', status })
  })

  it.each([
    ['another one', 'https://new.example/v1/assets/a', 'to https://new.example. Use that URL'],
    ['itself', '/v2/assets/a', 'to another URL. Use that URL'],
  ])('does not follow a redirect to %s, and says where it leads', async (_name, location, target) => {
    const { darkroom, requests } = serve(() => new Response(null, { status: 308, headers: { location } }))
    const error = await settled(darkroom.assets.getMany(['a']))
    expect(error).toMatchObject({ code: 'INVALID_ANSWER', status: 308, message: expect.stringContaining(target) })
    expect(requests.map(({ redirect }) => redirect)).toEqual(['manual'])
  })

  it('follows the redirect of a download, and tells the store that refuses from the service', async () => {
    const refused = new Response('<Error>', { status: 403 })
    Object.defineProperty(refused, 'redirected', { value: true })
    const { darkroom, requests } = serve(() => refused)
    expect(await settled(darkroom.assets.download('a'))).toMatchObject({ code: 'STORE_REFUSED', status: 403 })
    expect(requests.map(({ redirect }) => redirect)).toEqual(['follow'])
  })

  it('names each field that is invalid', async () => {
    const body = {
      status: 400,
      code: 'INVALID_REQUEST',
      detail: 'Invalid.',
      errors: [{ path: 'ids', message: 'too few' }],
    }
    const { darkroom } = serve(() => new Response(JSON.stringify(body), { status: 400, headers: PROBLEM }))
    expect(await settled(darkroom.assets.getMany(['a']))).toMatchObject({
      message: 'Invalid. ids: too few.',
      errors: [{ path: 'ids', message: 'too few' }],
    })
  })
})

describe('signal', () => {
  it('ends a call that waits to be repeated, with its reason', async () => {
    const { darkroom, requests } = serve(offline)
    const { signal, abort } = abortable()
    const call = settled(darkroom.assets.getMany(['a'], { signal }))
    abort()
    expect(await call).toBe('enough')
    expect(requests.length).toBeLessThan(5)
  })

  it('ends a call that waits for an answer', async () => {
    const hang = () => new Promise<Response>(() => undefined)
    const fetch = (_: RequestInfo | URL, init?: RequestInit) =>
      Promise.race([hang(), new Promise<Response>((_, no) => init?.signal?.addEventListener('abort', () => no('cut')))])
    const darkroom = createDarkroom({ url: 'https://media.example.com', fetch })
    const { signal, abort } = abortable()
    const call = darkroom.assets.get('a', { signal }).catch(error => error)
    await vi.advanceTimersByTimeAsync(10)
    abort()
    expect(await call).toBe('enough')
  })

  it('is not needed for an attempt to end that takes too long', async () => {
    const fetch = vi.fn(
      (_: RequestInfo | URL, init?: RequestInit) =>
        new Promise<Response>((_, no) => init?.signal?.addEventListener('abort', () => no('cut'))),
    )
    const darkroom = createDarkroom({ url: 'https://media.example.com', fetch, timeoutMs: 1000, maxRetries: 1 })
    expect(await settled(darkroom.assets.get('a'))).toMatchObject({ code: 'NETWORK' })
    expect(fetch).toHaveBeenCalledTimes(2)
  })
})

function abortable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort('enough') }
}

it('asks for the key at each call', async () => {
  const { requests } = serve(success)
  let key = 'dk_1'
  const fetch = async (input: RequestInfo | URL) => {
    requests.push(new Request(input))
    return success()
  }
  const darkroom = createDarkroom({ url: 'https://media.example.com', key: async () => key, fetch })
  await darkroom.usage.get()
  key = 'dk_2'
  await darkroom.usage.get()
  await darkroom.usage.get({ token: 'dt_3' })
  expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual([
    'Bearer dk_1',
    'Bearer dk_2',
    'Bearer dt_3',
  ])
})

it('is a DarkroomError for those who ask', async () => {
  const { darkroom } = serve(() => problem(401, 'UNAUTHORIZED'))
  expect(await settled(darkroom.usage.get())).toBeInstanceOf(DarkroomError)
})

describe('a key that is a function', () => {
  it.each([
    ['GET', (darkroom: ReturnType<typeof createDarkroom>) => darkroom.usage.get()],
    ['PATCH', (darkroom: ReturnType<typeof createDarkroom>) => darkroom.assets.update('a', {}, { ifMatch: '"1"' })],
  ])('is asked once more when a %s is answered with 401', async (_method, call) => {
    const { requests, ask, darkroom } = serveKeys(() => problem(401, 'UNAUTHORIZED'), success)
    await call(darkroom)
    expect(ask).toHaveBeenCalledTimes(2)
    expect(requests).toEqual(['Bearer dk_1', 'Bearer dk_2'])
  })

  it('is not asked a third time', async () => {
    const { requests, darkroom } = serveKeys(() => problem(401, 'UNAUTHORIZED'))
    expect(await settled(darkroom.usage.get())).toMatchObject({ code: 'UNAUTHORIZED' })
    expect(requests).toEqual(['Bearer dk_1', 'Bearer dk_2'])
  })

  it('does not take the place of a client token that is refused', async () => {
    const { requests, darkroom } = serveKeys(() => problem(401, 'UNAUTHORIZED'))
    expect(await settled(darkroom.usage.get({ token: 'dt_1' }))).toMatchObject({ code: 'UNAUTHORIZED' })
    expect(requests).toEqual(['Bearer dt_1'])
  })
})

/** Answers one request after the other to a client whose key is another one each time it is asked for. */
function serveKeys(...answers: (() => Response)[]) {
  const requests: (string | null)[] = []
  const ask = vi.fn(async () => `dk_${ask.mock.calls.length}`)
  const fetch = async (input: RequestInfo | URL) => {
    requests.push(new Request(input).headers.get('authorization'))
    return (answers[Math.min(requests.length, answers.length) - 1] ?? success)()
  }
  return { requests, ask, darkroom: createDarkroom({ url: 'https://media.example.com', key: ask, fetch }) }
}

it('reads any number of assets, 200 a request', async () => {
  const asked: number[] = []
  const fetch = async (input: RequestInfo | URL) => {
    const { ids } = await new Request(input).json()
    asked.push(ids.length)
    return Response.json({ items: ids.map((id: string) => ({ id })), notFound: [] })
  }
  const darkroom = createDarkroom({ url: 'https://media.example.com', fetch })
  const ids = Array.from({ length: 450 }, (_, index) => `a${index}`)
  const { items } = await darkroom.assets.getMany(ids)
  expect([asked, items.map(({ id }) => id)]).toEqual([[200, 200, 50], ids])
})
