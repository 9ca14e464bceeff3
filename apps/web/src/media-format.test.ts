import { MEDIA_TYPES } from '@darkroom/contracts/media-types'
import { expect, test } from 'vitest'
import {
  acceptAttribute,
  contentTypeOf,
  formatName,
  formatNames,
  formatsByKind,
  kindNames,
  kindOf,
} from './media-format.ts'

test.each([
  ['a listed format', 'image/webp', 'WebP'],
  ['a playlist', 'application/vnd.apple.mpegurl', 'HLS'],
  ['any other by its subtype', 'image/x-canon', 'X-CANON'],
])('names %s', (_, contentType, name) => {
  expect(formatName(contentType)).toBe(name)
})

test('lists names', () => {
  expect(formatNames(['image/jpeg', 'image/png', 'image/webp'])).toBe('JPEG, PNG, and WebP')
})

test.each([
  ['image/heic', 'image'],
  ['image/bmp', 'image'],
  ['video/x-unheard-of', 'video'],
  ['text/csv', 'document'],
  ['text/html', null],
  ['', null],
])('takes “%s” for %s', (contentType, kind) => {
  expect(kindOf(contentType)).toBe(kind)
})

test('names the kinds that are taken, each once', () => {
  expect(kindNames(Object.keys(MEDIA_TYPES))).toBe('images, video, audio, and documents')
  expect(kindNames(['application/pdf', 'text/csv', 'image/png', 'image/gif'])).toBe('images and documents')
})

test('lists the formats of each kind that is taken', () => {
  expect(formatsByKind(['text/csv', 'image/png', 'image/gif'])).toEqual([
    { kind: 'images', formats: 'PNG and GIF' },
    { kind: 'documents', formats: 'CSV' },
  ])
})

test.each([
  ['what the browser says', 'a.png', 'Image/JPEG', 'image/jpeg'],
  ['the standard name of it', 'a.m4a', 'audio/x-m4a', 'audio/mp4'],
  ['what the ending of a camera tells', 'clip.MTS', '', 'video/mp2t'],
  ['what the ending tells where the browser is silent', 'scan.of.page.TIFF', '', 'image/tiff'],
  ['what the ending tells where the browser names a program', 'a.csv', 'application/vnd.ms-excel', 'text/csv'],
  [
    'what the browser says of a file that nothing is known of',
    'a.exe',
    'application/x-msdownload',
    'application/x-msdownload',
  ],
  ['nothing where nothing tells', 'README', '', ''],
])('declares %s', (_, name, type, declared) => {
  expect(contentTypeOf({ name, type })).toBe(declared)
})

test('offers types and endings to the file picker', () => {
  expect(acceptAttribute(['image/tiff', 'image/x-new'])).toBe('image/tiff,.tiff,.tif,image/x-new')
})
