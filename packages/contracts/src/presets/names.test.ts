import { expect, it } from 'vitest'
import { parsePresetSelector } from './names.ts'

it.each([
  ['gallery', { name: 'gallery', version: null }],
  ['gallery@2', { name: 'gallery', version: 2 }],
  ['gallery@0', null],
  ['gallery@two', null],
  ['gallery@', null],
  ['@2', null],
  ['Gallery', null],
  ['gallery@1@2', null],
])('reads the preset %s', (text, selector) => {
  expect(parsePresetSelector(text)).toEqual(selector)
})
