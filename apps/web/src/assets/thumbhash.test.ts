import { expect, test } from 'vitest'
import { decodeThumbhash, type Pixels } from './thumbhash.ts'

const at = ({ width, rgba }: Pixels, x: number, y: number) => [
  ...rgba.slice((y * width + x) * 4, (y * width + x) * 4 + 4),
]

// Hashes and pixels come from the reference implementation, thumbhash 0.1.1; it rounds down where a canvas rounds to the nearest.
test.each([
  ['landscape', 'nTcKNZpwd3eCiIiIiHiIh3ByCNd3', 32, 23, [16, 49, 154, 255], [222, 185, 115, 255], [139, 87, 122, 255]],
  ['portrait', 'nDcKNBpwJ4h4iId4eIhwcgfXiA==', 18, 32, [23, 20, 151, 255], [237, 165, 120, 255], [137, 102, 116, 255]],
  [
    'see-through',
    'IIiGHQxJoYWwd3h4eKGwGPp0gHp3iHh4hw==',
    32,
    32,
    [129, 64, 123, 61],
    [237, 188, 126, 255],
    [148, 96, 127, 156],
  ],
])('decodes a %s image', (_, hash, width, height, first, last, middle) => {
  const pixels = decodeThumbhash(hash)
  if (!pixels) throw new Error('not decoded')
  expect([pixels.width, pixels.height]).toEqual([width, height])
  const seen = [at(pixels, 0, 0), at(pixels, width - 1, height - 1), at(pixels, width >> 1, height >> 1)]
  const off = seen.flat().map((value, index) => Math.abs(value - ([first, last, middle].flat()[index] ?? Number.NaN)))
  expect(Math.max(...off)).toBeLessThanOrEqual(1)
})

test.each(['', 'not base64!', 'AAAA'])('makes nothing of %j', hash => {
  expect(decodeThumbhash(hash)).toBeNull()
})

test.each(['AAAAAAAA', '////////'])('makes no image without pixels of the nonsense %j', hash => {
  const pixels = decodeThumbhash(hash)
  expect(pixels === null || pixels.width * pixels.height > 0).toBe(true)
})
