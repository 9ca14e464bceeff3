import { expect, it } from 'vitest'
import { typeOfFilename } from './media-extensions.ts'

it.each([
  ['beach.JPG', 'image/jpeg'],
  ['archive.tar.zip', 'application/zip'],
  ['film.mov', 'video/quicktime'],
  ['program.exe', null],
  ['jpg', null],
  ['a.constructor', null],
  ['', null],
])('%j is taken for %s', (filename, type) => {
  expect(typeOfFilename(filename)).toBe(type)
})
