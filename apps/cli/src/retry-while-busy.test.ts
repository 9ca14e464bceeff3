import { expect, it } from 'vitest'
import { ApiError } from './admin-client.ts'
import { EXIT } from './exit-codes.ts'
import { retryWhileBusy } from './retry-while-busy.ts'

const { signal } = new AbortController()
const busyFor = (retryAfterSec: number) =>
  new ApiError('RATE_LIMITED', EXIT.unreachable, { code: 'RATE_LIMITED', retryAfterSec })

it('waits as long as it is asked to', async () => {
  const answers = [busyFor(0.01), busyFor(0)]
  const work = async () => {
    const error = answers.shift()
    if (error) throw error
    return 'done'
  }
  expect(await retryWhileBusy(signal, work)).toBe('done')
})

it('reports at once who asks for more than ten minutes', async () => {
  let tries = 0
  const work = async () => {
    tries += 1
    // More than a timer can hold, which would fire at once.
    throw busyFor(3_000_000)
  }
  await expect(retryWhileBusy(signal, work)).rejects.toThrow('RATE_LIMITED')
  expect(tries).toBe(1)
})
