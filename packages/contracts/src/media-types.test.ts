import { describe, expect, it } from 'vitest'
import { isMediaType, MEDIA_TYPES, normalizeMediaType, typeOfFilename } from './media-types.ts'

it.each([
  ['beach.JPG', 'image/jpeg'],
  ['archive.tar.zip', 'application/zip'],
  ['video.mov', 'video/quicktime'],
  ['clip.mts', 'video/mp2t'],
  ['book.m4b', 'audio/mp4'],
  ['program.exe', null],
  ['jpg', null],
  ['a.constructor', null],
  ['', null],
])('%j is taken for %s', (filename, type) => {
  expect(typeOfFilename(filename)).toBe(type)
})

it.each([
  ['Image/JPG; charset=x', 'image/jpeg'],
  ['video/x-matroska', 'video/matroska'],
  ['image/x-new', 'image/x-new'],
  ['constructor', 'constructor'],
])('the standard name of %j is %s', (type, name) => {
  expect(normalizeMediaType(type)).toBe(name)
})

describe('the table', () => {
  const entries = Object.values(MEDIA_TYPES)

  it('gives each extension and each alias to one type', () => {
    for (const claimed of [entries.flatMap(({ extensions }) => extensions), entries.flatMap(({ aliases }) => aliases)])
      expect(claimed.length).toBe(new Set<string>(claimed).size)
  })

  it('calls no type the alias of another', () => {
    expect(entries.flatMap(({ aliases }) => [...aliases] as string[]).filter(isMediaType)).toEqual([])
  })
})
