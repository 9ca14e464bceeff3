import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask } from './ask.ts'

type Answer = () => Response | Promise<Response>

const problem =
  (status: number, code: string, headers: Record<string, string> = {}): Answer =>
  () =>
    new Response(JSON.stringify({ code, detail: `what ${code} means` }), { status, headers })
const fine: Answer = () => new Response('{"id":1}')
const unreachable: Answer = () => Promise.reject(new TypeError('Failed to fetch'))

let asked: number
/** Answers requests with these in turn, and with the last one for ever. */
function serve(...answers: Answer[]): void {
  asked = 0
  vi.stubGlobal('fetch', async () => answers[Math.min(asked++, answers.length - 1)]?.())
}

/** Asks, and lets the time pass that it waits. */
async function askIt() {
  const outcome = ask({ method: 'POST', url: 'https://media.example/v1/uploads', body: {} }).then(
    answer => ({ answer }),
    (error: Error) => ({ error }),
  )
  await vi.runAllTimersAsync()
  return outcome
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('ask', () => {
  it.each([
    ['a network error', unreachable],
    ['503', problem(503, 'UNAVAILABLE')],
    ['429', problem(429, 'RATE_LIMITED', { 'retry-after': '1' })],
    ['a page of a proxy', () => new Response('<html>Bad gateway</html>', { status: 502 })],
    ['the same request that still runs', problem(409, 'IDEMPOTENCY_IN_FLIGHT')],
  ])('asks again after %s', async (_name, answer) => {
    serve(answer, answer, fine)
    expect(await askIt()).toEqual({ answer: { id: 1 } })
    expect(asked).toBe(3)
  })

  it('gives up after six times, with the last fault', async () => {
    serve(unreachable, problem(503, 'UNAVAILABLE'))
    expect(await askIt()).toMatchObject({
      error: { status: 503, code: 'UNAVAILABLE', message: 'what UNAVAILABLE means' },
    })
    expect(asked).toBe(6)
    serve(unreachable)
    expect(await askIt()).toMatchObject({ error: { message: 'Failed to fetch' } })
  })

  it.each([
    [413, 'TOO_LARGE'],
    [409, 'UPLOAD_INCOMPLETE'],
  ])('does not ask again after %i %s', async (status, code) => {
    serve(problem(status, code))
    expect(await askIt()).toMatchObject({ error: { status, code } })
    expect(asked).toBe(1)
  })

  it('waits as long as it is told', async () => {
    serve(problem(429, 'RATE_LIMITED', { 'retry-after': '40' }), fine)
    const outcome = ask({ method: 'GET', url: 'https://media.example/' })
    await vi.advanceTimersByTimeAsync(39_900)
    expect(asked).toBe(1)
    await vi.advanceTimersByTimeAsync(200)
    expect([await outcome, asked]).toEqual([{ id: 1 }, 2])
  })

  it('does not ask while the browser is offline', async () => {
    const browser = new EventTarget()
    const navigator = { onLine: false }
    vi.stubGlobal('navigator', navigator)
    vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser))
    serve(fine)
    const outcome = askIt()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(asked).toBe(0)
    navigator.onLine = true
    browser.dispatchEvent(new Event('online'))
    expect(await outcome).toEqual({ answer: { id: 1 } })
  })
})
