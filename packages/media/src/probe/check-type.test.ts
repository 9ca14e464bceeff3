import { expect, it } from 'vitest'
import { MediaConfig, toLimits } from '../config.ts'
import { checkTypeStep, detectTypeStep } from './check-type.ts'
import { decodeText, isText } from './text.ts'

type Step = typeof checkTypeStep | typeof detectTypeStep

const limits = toLimits(MediaConfig.parse({}))
const check = (declaredType: string, type: string | null, text = false, step: Step = checkTypeStep): unknown => {
  try {
    return step.run({ file: '', declaredType, limits, warn: () => undefined }, { sniffed: { type, text } })
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
  ['text/plain', 'image/bmp', true, 'text/plain'],
  ['text/csv', 'application/xml', true, 'text/csv'],
  ['text/plain', 'image/bmp', false, 'TYPE_MISMATCH'],
  ['text/plain', 'application/pdf', true, 'TYPE_MISMATCH'],
  ['text/plain', 'application/rtf', true, 'TYPE_MISMATCH'],
  ['text/markdown', 'image/svg+xml', true, 'TYPE_MISMATCH'],
  ['text/plain', null, false, 'UNRECOGNIZED_TYPE'],
  ['image/bmp', 'image/bmp', true, 'UNSUPPORTED_TYPE'],
])('declared %s, sniffed %s (text: %s) gives %s', (declared, sniffed, text, expected) => {
  expect(check(declared, sniffed, text)).toBe(expected)
})

it.each([
  ['image/png', 'image/jpeg', false, 'image/jpeg'],
  ['image/png', 'video/mp4', false, 'video/mp4'],
  ['video/mp4', 'image/gif', false, 'image/gif'],
  ['text/plain', 'image/bmp', true, 'text/plain'],
  ['text/plain', 'image/png', false, 'image/png'],
  ['text/plain', 'application/pdf', true, 'application/pdf'],
  ['audio/mp4', 'video/mp4', false, 'audio/mp4'],
  ['image/png', null, true, 'TYPE_MISMATCH'],
  ['image/png', null, false, 'UNRECOGNIZED_TYPE'],
  ['image/png', 'image/svg+xml', true, 'TYPE_MISMATCH'],
  ['image/svg+xml', 'image/svg+xml', true, 'image/svg+xml'],
  ['image/png', 'application/xml', false, 'UNSUPPORTED_TYPE'],
  ['image/png', 'application/x-msdownload', false, 'UNSUPPORTED_TYPE'],
  ['application/octet-stream', 'image/jpeg', false, 'image/jpeg'],
  ['application/octet-stream', null, true, 'UNRECOGNIZED_TYPE'],
  ['application/octet-stream', 'image/svg+xml', true, 'UNRECOGNIZED_TYPE'],
  ['application/octet-stream', 'image/bmp', false, 'UNSUPPORTED_TYPE'],
])('where the bytes decide, declared %s, sniffed %s (text: %s) gives %s', (declared, sniffed, text, expected) => {
  expect(check(declared, sniffed, text, detectTypeStep)).toBe(expected)
})

it.each([
  ['JSON', Buffer.from('{"a":"ä"}'), true],
  ['a character that is cut off', Buffer.from('caf\u00e9').subarray(0, 4), true],
  ['three bytes', Buffer.from('hi\n'), true],
  ['a NUL', Buffer.from('abc\0def'), false],
  ['Windows-1252', Buffer.from('Stra\xdfe;\x80 5\r\n', 'latin1'), true],
  ['the code page of DOS', Buffer.from('\x81ber\r\n', 'latin1'), true],
  ['Windows-1252 with a control character', Buffer.from('\xdf\x01', 'latin1'), false],
  ['UTF-16 with a mark', Buffer.from('\ufeffä\n', 'utf16le'), true],
  ['UTF-16, the other way round', Buffer.from('\ufeffä\n', 'utf16le').swap16(), true],
  ['UTF-16 that is none', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x41, 0x00]), false],
  ['UTF-16 with a NUL', Buffer.from('\ufeffa\0', 'utf16le'), false],
  ['a photo', Buffer.from('ffd8ffe000104a464946', 'hex'), false],
])('tells whether it is text: %s', (_title, bytes, expected) => {
  expect(isText(bytes)).toBe(expected)
})

it.each([
  ['UTF-8 with a mark', Buffer.from('\ufeffGrüße'), 'Grüße'],
  ['UTF-16', Buffer.from('\ufeffGrüße', 'utf16le'), 'Grüße'],
  ['UTF-16, the other way round', Buffer.from('\ufeffGrüße', 'utf16le').swap16(), 'Grüße'],
  ['Windows-1252', Buffer.from('Gr\xfc\xdfe f\xfcr 5 \x80', 'latin1'), 'Grüße für 5 €'],
  ['UTF-8 with damage', Buffer.concat([Buffer.from('Grüße'), Buffer.from([0xff])]), 'Grüße\ufffd'],
])('reads a text in %s', (_title, bytes, expected) => {
  expect(decodeText(bytes)).toBe(expected)
})
