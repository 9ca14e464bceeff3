import { expect, test } from 'vitest'
import { checkFile } from './check-file.ts'

const limits = { accepts: ['image/jpeg', 'image/png'], maxUploadBytes: 1_000_000 } as const

test.each([
  ['an empty file', 0, 'image/jpeg', 'EMPTY_FILE'],
  ['a type that is not taken', 10, 'text/plain', 'UNSUPPORTED_TYPE'],
  ['a type that is not known', 10, '', 'UNSUPPORTED_TYPE'],
  ['a file over the limit', 1_000_001, 'image/png', 'TOO_LARGE'],
])('refuses %s', (_, size, type, code) => {
  expect(checkFile({ size }, type, { ...limits, accepts: [...limits.accepts] })).toMatchObject({ code, step: 'send' })
})

test.each([
  ['of its kind', 'image/bmp', 'BMP is not supported; JPEG and PNG are.'],
  ['of its kind, which is one', 'application/zip', 'ZIP is not supported; PDF is.'],
  [
    'where the type is nothing that is known',
    'application/x-tar',
    '“application/x-tar” is not supported; images and documents are.',
  ],
  ['of other kinds', 'video/mp4', 'MP4 is not supported here; images and documents are.'],
  ['at all, where its type is not known', '', 'The type of this file is unknown; images and documents are supported.'],
])('says what is taken %s', (_, type, detail) => {
  const own = { ...limits, accepts: [...limits.accepts, 'application/pdf'] }
  expect(checkFile({ size: 10 }, type, own)?.detail).toBe(detail)
})

test('says how large a file may be', () => {
  const own = { ...limits, accepts: [...limits.accepts] }
  expect(checkFile({ size: 2_500_000 }, 'image/png', own)?.detail).toBe('The file has 2.5 MB; the limit is 1 MB.')
})

test('takes a file of exactly the limit', () => {
  expect(checkFile({ size: 1_000_000 }, 'image/png', { ...limits, accepts: [...limits.accepts] })).toBeNull()
})
