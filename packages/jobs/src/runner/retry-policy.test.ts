import { appError } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import { retryDelayMs, variantRetryDelayMs } from './retry-policy.ts'

describe('retryDelayMs', () => {
  const half = () => 0.5

  it.each([
    [1, 1500],
    [2, 4500],
    [5, 121_500],
    [7, 225_000],
  ])('backs off exponentially with jitter at attempt %i', (attempt, expected) => {
    expect(retryDelayMs(appError('STORE_UNAVAILABLE'), { attempt, maxAttempts: 8, name: 'asset.process' }, half)).toBe(
      expected,
    )
  })

  it('waits as long as the store asks', () => {
    const error = appError('STORE_UNAVAILABLE', undefined, { retryAfterSec: 60 })
    expect(retryDelayMs(error, { attempt: 1, maxAttempts: 8, name: 'asset.process' }, half)).toBe(60_000)
  })

  it('waits no longer than an hour, whatever the store asks', () => {
    const error = appError('STORE_UNAVAILABLE', undefined, { retryAfterSec: 1e9 })
    expect(retryDelayMs(error, { attempt: 1, maxAttempts: 8, name: 'asset.process' }, half)).toBe(3_600_000)
  })

  it.each(['CORRUPT_FILE', 'TYPE_MISMATCH', 'STORE_CAP_EXCEEDED'] as const)('never retries %s', code => {
    expect(retryDelayMs(appError(code), { attempt: 1, maxAttempts: 8, name: 'asset.process' })).toBeNull()
  })

  it('gives up a bug that showed three times', () => {
    expect(retryDelayMs(appError('INTERNAL'), { attempt: 2, maxAttempts: 8, name: 'asset.process' })).not.toBeNull()
    expect(retryDelayMs(appError('INTERNAL'), { attempt: 3, maxAttempts: 8, name: 'asset.process' })).toBeNull()
  })

  it('gives a bug its attempts again after a requeue', () => {
    const requeued = { maxAttempts: 11, name: 'asset.process' }
    expect(retryDelayMs(appError('INTERNAL'), { attempt: 5, ...requeued })).not.toBeNull()
    expect(retryDelayMs(appError('INTERNAL'), { attempt: 6, ...requeued })).toBeNull()
  })

  it('gives up after the last attempt', () => {
    expect(
      retryDelayMs(appError('STORE_UNAVAILABLE'), { attempt: 8, maxAttempts: 8, name: 'asset.process' }),
    ).toBeNull()
  })
})

describe('variantRetryDelayMs', () => {
  it.each([
    ['STORE_UNAVAILABLE', 7, 8],
    ['NO_SPACE', 7, 8],
    ['WORKER_CRASHED', 2, 3],
    ['INTERNAL', 2, 3],
  ] as const)('tries %s again after attempt %i, and not after %i', (code, again, last) => {
    const job = { maxAttempts: 8, name: 'asset.process' }
    expect(variantRetryDelayMs(appError(code), { ...job, attempt: again })).not.toBeNull()
    expect(variantRetryDelayMs(appError(code), { ...job, attempt: last })).toBeNull()
  })

  it.each(['OUTPUT_TOO_LARGE', 'RESOURCE_LIMIT', 'PRIVATE_METADATA'] as const)('never tries %s again', code => {
    expect(variantRetryDelayMs(appError(code), { attempt: 1, maxAttempts: 8, name: 'asset.process' })).toBeNull()
  })
})
