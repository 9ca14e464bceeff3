import { describe, expect, it } from 'vitest'
import { isFolderMark, placeOfKey } from './place-of-key.ts'

const ALL = { prefix: '', folder: '', keepsFolders: true }

describe('the place of a key', () => {
  it.each([
    ['is its path', 'a/b/c.jpg', ALL, 'a/b', 'c.jpg'],
    ['is the root without one', 'c.jpg', ALL, '', 'c.jpg'],
    ['leaves out the prefix', '2019/may/c.jpg', { ...ALL, prefix: '2019/' }, 'may', 'c.jpg'],
    ['leaves out the folders of a prefix alone', '2019/may/c.jpg', { ...ALL, prefix: '2019/m' }, 'may', 'c.jpg'],
    ['is below the folder', '2019/c.jpg', { ...ALL, folder: 'old/photos' }, 'old/photos/2019', 'c.jpg'],
    ['is the folder alone', 'a/b/c.jpg', { ...ALL, folder: 'old', keepsFolders: false }, 'old', 'c.jpg'],
    ['has no empty names', '/a//b/c.jpg', ALL, 'a/b', 'c.jpg'],
  ])('%s', (_, key, mapping, folder, filename) => {
    expect(placeOfKey(key, mapping)).toEqual({ folder, filename })
  })

  it.each(['a/../b.jpg', './b.jpg', `${'x'.repeat(501)}/b.jpg`, 'a\n/b.jpg'])('cannot be that of %j', key => {
    expect(() => placeOfKey(key, ALL)).toThrow(/without folders/)
    expect(placeOfKey(key, { ...ALL, keepsFolders: false })).toEqual({ folder: '', filename: 'b.jpg' })
  })
})

it.each([
  ['a/', true],
  ['a/.bzEmpty', true],
  ['.bzEmpty', true],
  ['a/b.jpg', false],
  ['a.bzEmpty', false],
])('%s is the mark of a folder: %s', (key, expected) => {
  expect(isFolderMark(key)).toBe(expected)
})
