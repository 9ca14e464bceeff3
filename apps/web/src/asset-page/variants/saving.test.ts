import { expect, it } from 'vitest'
import { savingText } from './saving.ts'

it.each([
  [180, 1000, '−82 %'],
  [1500, 1000, '+50 %'],
  [1001, 1000, '±0 %'],
  [null, 1000, null],
  [10, 0, null],
])('%s of %s bytes is %s', (byteSize, original, text) => expect(savingText(byteSize, original)).toBe(text))
