import { type ClientErrorCode, DarkroomError, type ErrorCode } from '@darkroom/sdk'
import { describe, expect, test } from 'vitest'
import { advise } from './advice.ts'
import { type Failure, failureOf } from './failure.ts'

const failure = (parts: Partial<Failure>): Failure => ({
  code: 'X',
  detail: '',
  step: 'send',
  retryable: null,
  ...parts,
})
const errorOf = (code: ErrorCode | ClientErrorCode, status: number | null = null) =>
  new DarkroomError({ code, message: 'because', status })

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
    ['FILE_CHANGED', 'send'],
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
    ['STORE_REFUSED', 'send', 'send'],
    ['UPLOAD_EXPIRED', 'confirm', 'send'],
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
    [
      'of the API keeps code and detail',
      errorOf('TOO_LARGE', 413),
      { code: 'TOO_LARGE', detail: 'because', retryable: null },
    ],
    ['without an answer can be retried', errorOf('NETWORK'), { code: 'NETWORK', retryable: true }],
    ['of the server can be retried', errorOf('INTERNAL', 500), { code: 'INTERNAL', retryable: true }],
    ['of the store can be retried', errorOf('STORE_REFUSED', 403), { code: 'STORE_REFUSED', retryable: true }],
    ['of a file that was moved cannot be', errorOf('FILE_UNREADABLE'), { code: 'FILE_UNREADABLE', retryable: false }],
    ['of ours is called so', new Error('took no parts'), { code: 'INTERNAL', detail: 'took no parts' }],
  ])('%s', (_, error, expected) => {
    expect(failureOf(error, 'send')).toMatchObject({ ...expected, step: 'send' })
  })
})
