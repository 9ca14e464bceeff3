import { describe, expect, it, vi } from 'vitest'
import { retryDelayMs, withAttempts } from './attempts.ts'

const busy = (headers: Record<string, string> = {}) =>
  Object.assign(new Error('busy'), { $metadata: { httpStatusCode: 503 }, $response: { statusCode: 503, headers } })

describe('withAttempts', () => {
  it.each([
    ['a busy store', busy(), 3],
    ['a busy store that asks for a minute', busy({ 'retry-after': '60' }), 1],
    ['a refusal', Object.assign(new Error('no'), { $metadata: { httpStatusCode: 403 } }), 1],
  ])('tries %s the right number of times', async (_name, error, expected) => {
    let calls = 0
    await expect(
      withAttempts({ maxAttempts: 3 }, undefined, async () => {
        calls++
        throw error
      }),
    ).rejects.toBe(error)
    expect(calls).toBe(expected)
  })

  it('answers what a later attempt brings', async () => {
    await expect(
      withAttempts({ maxAttempts: 2 }, undefined, async attempt => {
        if (attempt === 1) throw busy()
        return 'there'
      }),
    ).resolves.toBe('there')
  })

  it('starts nothing under an aborted signal', async () => {
    const reason = new Error('enough')
    const run = vi.fn(async () => 1)
    await expect(withAttempts({ maxAttempts: 2 }, AbortSignal.abort(reason), run)).rejects.toBe(reason)
    expect(run).not.toHaveBeenCalled()
  })
})

describe('retryDelayMs', () => {
  it.each([
    [1, 0, 0, 50],
    [1, 0, 1, 100],
    [3, 0, 1, 400],
    [20, 0, 1, 5_000],
    [1, 2, 1, 2_100],
  ])('waits before attempt %s + 1, Retry-After %s, chance %s: %s ms', (attempt, after, random, expected) => {
    expect(retryDelayMs(attempt, after, random)).toBe(expected)
  })
})
