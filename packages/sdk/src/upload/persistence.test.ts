import { expect, it } from 'vitest'
import { DarkroomError } from '../errors.ts'
import { createPersistence } from './persistence.ts'

it('reports what asks for more time than it may take, instead of asking again and again', async () => {
  const persist = createPersistence({
    untilOnline: async () => false,
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
