import { expect, it, vi } from 'vitest'
import { DarkroomError } from '../errors.ts'
import { createPersistence } from './persistence.ts'

it('reports what asks for more time than it may take, instead of asking again and again', async () => {
  const persist = createPersistence({
    untilReachable: async () => false,
    giveUpAfterMs: 60_000,
    signal: AbortSignal.timeout(10_000),
  })
  const busy = new DarkroomError({ code: 'STORE_REFUSED', message: 'busy', status: 503, retryAfter: 30 * 86_400 })
  let attempts = 0
  const outcome = persist(
    async () => {
      attempts += 1
      throw busy
    },
    () => true,
  )
  await expect(outcome).rejects.toBe(busy)
  expect(attempts).toBe(1)
})

it('waits for as long as the service asks, however soon everything else is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  try {
    const told: (string | null)[] = []
    const persist = createPersistence({
      untilReachable: async () => false,
      giveUpAfterMs: 15_000,
      signal: new AbortController().signal,
      onInterruption: failure => told.push(failure?.code ?? null),
    })
    const limited = new DarkroomError({ code: 'RATE_LIMITED', message: 'later', status: 429, retryAfter: 40 })
    let attempts = 0
    const outcome = persist(
      async () => {
        attempts += 1
        if (attempts < 4) throw limited
        return attempts
      },
      () => true,
    )
    await vi.advanceTimersByTimeAsync(130_000)
    expect(await outcome).toBe(4)
    expect(told).toEqual(['RATE_LIMITED', 'RATE_LIMITED', 'RATE_LIMITED', null])
  } finally {
    vi.useRealTimers()
  }
})
