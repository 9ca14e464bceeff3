import { expect, test } from 'vitest'
import { checkFile } from './check-file.ts'

const limits = { accepts: ['image/jpeg', 'image/png'], maxUploadBytes: 1_000_000, uploads: 'open' } as const

test.each([
  ['an empty file', 0, 'image/jpeg', 'EMPTY_FILE'],
  ['a type that is not taken', 10, 'text/plain', 'UNSUPPORTED_TYPE'],
  ['a type that is not known', 10, '', 'UNSUPPORTED_TYPE'],
  ['a file over the limit', 1_000_001, 'image/png', 'TOO_LARGE'],
])('refuses %s', (_, size, type, code) => {
  expect(checkFile({ size }, type, { ...limits, accepts: [...limits.accepts] })).toMatchObject({ code, step: 'send' })
})

test('says what is taken and how large it may be', () => {
  const own = { ...limits, accepts: [...limits.accepts] }
  expect(checkFile({ size: 10 }, 'text/plain', own)?.detail).toBe('“text/plain” is not taken; JPEG and PNG are.')
  expect(checkFile({ size: 2_500_000 }, 'image/png', own)?.detail).toBe('It has 2.5 MB; the limit is 1 MB.')
})

test('takes a file of exactly the limit', () => {
  expect(checkFile({ size: 1_000_000 }, 'image/png', { ...limits, accepts: [...limits.accepts] })).toBeNull()
})

test('lets the service decide while its limits are not known', () => {
  expect(checkFile({ size: 10 }, 'text/plain', null)).toBeNull()
})

test('holds files back while uploads are paused, and lets them be retried', () => {
  const paused = { ...limits, accepts: [...limits.accepts], uploads: 'paused' as const }
  expect(checkFile({ size: 10 }, 'image/png', paused)).toMatchObject({ code: 'UPLOADS_PAUSED', retryable: true })
})
