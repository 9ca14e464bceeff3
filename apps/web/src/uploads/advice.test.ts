import { describe, expect, test } from 'vitest'
import { ApiError } from '../api/api-error.ts'
import { advise } from './advice.ts'
import { type Failure, failureOf, failureOfTransfer } from './failure.ts'

const failure = (parts: Partial<Failure>): Failure => ({
  code: 'X',
  detail: '',
  step: 'send',
  retryable: null,
  ...parts,
})
const apiError = (status: number | null, code: string) =>
  new ApiError({ code, detail: 'because', status, retryAfterMs: null })
const noAnswer = Object.assign(new Error('Network error'), { code: 'NETWORK' })
const storeError = (status: number) => Object.assign(new Error('S3 returned'), { status })

describe('advice', () => {
  test.each([
    ['CORRUPT_FILE', 'process'],
    ['TRUNCATED_FILE', 'process'],
    ['WARNING_REFUSED', 'process'],
    ['TYPE_MISMATCH', 'process'],
    ['TOO_MANY_PIXELS', 'process'],
    ['TOO_LONG', 'process'],
    ['TOO_MANY_STREAMS', 'process'],
    ['TOO_MANY_PAGES', 'process'],
    ['ENCRYPTED_DOCUMENT', 'process'],
    ['ENCRYPTED_VIDEO', 'process'],
    ['NO_DIMENSIONS', 'process'],
    ['DECODER_UNAVAILABLE', 'send'],
    ['UNSUPPORTED_TYPE', 'send'],
    ['TOO_LARGE', 'send'],
    ['EMPTY_FILE', 'send'],
    ['FILE_UNREADABLE', 'send'],
    ['CONTENT_BLOCKED', 'process'],
    ['QUARANTINED', 'process'],
    ['TIMEOUT', 'process'],
    ['RESOURCE_LIMIT', 'process'],
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
    ['CANCELLED', 'process', 'process'],
    ['STORE_CAP_EXCEEDED', 'process', 'process'],
  ] as const)('on %s while trying to %s is to %s', (code, step, redo) => {
    expect(advise(failure({ code, step }))).toMatchObject({ redo, chooseAnother: false })
  })

  test('on what a key may not do is to use another', () => {
    expect(advise(failure({ code: 'FORBIDDEN', step: 'remove' }))).toMatchObject({ redo: null, chooseAnother: false })
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
    ['of the store without an answer is the network', noAnswer, { code: 'NETWORK', retryable: true }],
    ['of ours is called so', new Error('took no parts'), { code: 'INTERNAL', detail: 'took no parts' }],
  ])('%s', (_, error, expected) => {
    expect(failureOf(error, 'send')).toMatchObject({ ...expected, step: 'send' })
  })

  test('of a file that can no longer be read is no matter of the network', async () => {
    const moved = new File(['x'], 'moved.jpg')
    moved.slice = () => Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new Error('NotReadable')) })
    expect(await failureOfTransfer(noAnswer, moved)).toMatchObject({ code: 'FILE_UNREADABLE', retryable: false })
    expect(await failureOfTransfer(noAnswer, new File(['x'], 'there.jpg'))).toMatchObject({ code: 'NETWORK' })
    expect(await failureOfTransfer(storeError(403), moved)).toMatchObject({ code: 'UPLOAD_URL_REFUSED' })
  })
})
