import { expect, test } from 'vitest'
import { acceptAttribute, contentTypeOf, formatName, formatNames } from './media-format.ts'

test('names a listed format by its name and any other by its subtype', () => {
  expect(formatName('image/webp')).toBe('WebP')
  expect(formatName('image/x-canon')).toBe('X-CANON')
  expect(formatNames(['image/jpeg', 'image/png', 'image/webp'])).toBe('JPEG, PNG, and WebP')
})

test('declares what the browser says', () => {
  expect(contentTypeOf({ name: 'a.png', type: 'Image/JPEG' })).toBe('image/jpeg')
})

test('goes by the ending where the browser says nothing', () => {
  expect(contentTypeOf({ name: 'scan.of.page.TIFF', type: '' })).toBe('image/tiff')
  expect(contentTypeOf({ name: 'README', type: '' })).toBe('')
})

test('offers types and endings to the file picker', () => {
  expect(acceptAttribute(['image/tiff', 'image/x-new'])).toBe('image/tiff,.tif,.tiff,image/x-new')
})
