import { expect, test } from 'vitest'
import { leftText } from './deletion-words.ts'

test.each([
  [0, 'No asset is left.'],
  [1, '1 asset is left.'],
  [312, '312 assets are left.'],
  [10_000, '10000 assets or more are left.'],
])('%i assets: %s', (left, text) => expect(leftText(left)).toBe(text))
