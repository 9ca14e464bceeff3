import { describe, expect, test } from 'vitest'
import { ApiError } from '../api/api-error.ts'
import { advise } from './advice.ts'
import { type Failure, failureOf } from './failure.ts'

const failure = (parts: Partial<Failure>): Failure => ({
  code: 'X',
  detail: '',
  step: 'send',
  retryable: null,
  ...parts,
})
const apiError = (status: number | null, code: string) =>
  new ApiError({ code, detail: 'because', status, retryAfterMs: null })
const storeError = (status: number) => Object.assign(new Error('S3 returned'), { status })

describe('advice', () => {
  test.each([
    ['CORRUPT_FILE', 'process'],
    ['TRUNCATED_FILE', 'process'],
    ['TYPE_MISMATCH', 'process'],
    ['TOO_MANY_PIXELS', 'process'],
    ['TOO_LONG', 'process'],
    ['TOO_MANY_STREAMS', 'process'],
    ['TOO_MANY_PAGES', 'process'],
    ['ENCRYPTED_DOCUMENT', 'process'],
    ['NO_DIMENSIONS', 'process'],
    ['DECODER_UNAVAILABLE', 'send'],
    ['UNSUPPORTED_TYPE', 'send'],
    ['TOO_LARGE', 'send'],
    ['EMPTY_FILE', 'send'],
  ] as const)('on %s is to choose another file, never to retry', (code, step) => {
    expect(advise(failure({ code, step, retryable: true }))).toMatchObject({ redo: null, chooseAnother: true })
  })

  test.each([
    ['UPLOAD_INCOMPLETE', 'confirm', 'send'],
    ['SIZE_MISMATCH', 'confirm', 'send'],
    ['UPLOAD_URL_REFUSED', 'send', 'send'],
    ['UPLOAD_EXPIRED', 'confirm', 'restart'],
    ['NETWORK', 'send', 'send'],
    ['NETWORK', 'confirm', 'confirm'],
    ['RATE_LIMITED', 'confirm', 'confirm'],
    ['UNAUTHORIZED', 'send', 'send'],
    ['UNAVAILABLE', 'remove', 'remove'],
  ] as const)('on %s while trying to %s is to %s', (code, step, redo) => {
    expect(advise(failure({ code, step }))).toMatchObject({ redo, chooseAnother: false })
  })

  test('on an unknown code goes by whether a retry can help', () => {
    expect(advise(failure({ step: 'process', retryable: true })).redo).toBe('process')
    expect(advise(failure({ step: 'process', retryable: false })).redo).toBeNull()
    expect(advise(failure({ step: 'process', retryable: null })).redo).toBeNull()
  })
})

describe('a failure', () => {
  test.each([
    ['of the API keeps code and detail', apiError(422, 'SIZE_MISMATCH'), { code: 'SIZE_MISMATCH', retryable: null }],
    ['without an answer can be retried', apiError(null, 'NETWORK'), { code: 'NETWORK', retryable: true }],
    ['of the server can be retried', apiError(500, 'INTERNAL'), { code: 'INTERNAL', retryable: true }],
    ['of the store with 403 is a refused link', storeError(403), { code: 'UPLOAD_URL_REFUSED', retryable: true }],
    ['of the store with another status', storeError(400), { code: 'STORE_REFUSED', retryable: true }],
    ['without a status is the network', new Error('broken pipe'), { code: 'NETWORK', retryable: true }],
  ])('%s', (_, error, expected) => {
    expect(failureOf(error, 'send')).toMatchObject({ ...expected, step: 'send' })
  })
})
