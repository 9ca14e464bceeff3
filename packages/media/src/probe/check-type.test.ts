import { expect, it } from 'vitest'
import { MediaConfig, toLimits } from '../config.ts'
import { checkTypeStep } from './check-type.ts'
import { isText } from './text.ts'

const limits = toLimits(MediaConfig.parse({}))
const check = (declaredType: string, type: string | null, text = false): unknown => {
  try {
    return checkTypeStep.run({ file: '', declaredType, limits }, { sniffed: { type, text } })
  } catch (error) {
    return (error as { code: string }).code
  }
}

it.each([
  ['image/jpeg', 'image/jpeg', false, 'image/jpeg'],
  ['image/webp', null, true, 'TYPE_MISMATCH'],
  ['image/webp', null, false, 'UNRECOGNIZED_TYPE'],
  ['image/avif', 'image/heic', false, 'TYPE_MISMATCH'],
  ['image/png', 'application/xml', false, 'TYPE_MISMATCH'],
  ['image/png', 'image/jpeg', false, 'TYPE_MISMATCH'],
  ['image/heic', 'image/heic', false, 'image/heic'],
  ['image/bmp', 'image/bmp', false, 'UNSUPPORTED_TYPE'],
  ['image/heic', 'image/jpeg', false, 'TYPE_MISMATCH'],
  ['image/svg+xml', null, true, 'TYPE_MISMATCH'],
  ['image/svg+xml', 'image/svg+xml', true, 'image/svg+xml'],
  ['image/png', 'image/svg+xml', true, 'TYPE_MISMATCH'],
])('declared %s, sniffed %s (text: %s) gives %s', (declared, sniffed, text, expected) => {
  expect(check(declared, sniffed, text)).toBe(expected)
})

it.each([
  ['JSON', Buffer.from('{"a":"ä"}'), true],
  ['a character that is cut off', Buffer.from('caf\u00e9').subarray(0, 4), true],
  ['three bytes', Buffer.from('abc'), false],
  ['a NUL', Buffer.from('abc\0def'), false],
  ['Latin-1', Buffer.from([0x61, 0xe4, 0x61, 0x61, 0x61]), false],
])('tells whether it is text: %s', (_title, bytes, expected) => {
  expect(isText(bytes)).toBe(expected)
})
