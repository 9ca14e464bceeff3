import { expect, it } from 'vitest'
import { dominantColor } from './dominant-color.ts'
import { sampleRgba } from './sample.ts'

const pixels = (...colors: number[][]) => Uint8Array.from(colors.flat())

it('is the mean of the most frequent group of colours', () => {
  expect(dominantColor(pixels([250, 0, 0, 255], [252, 0, 0, 255], [0, 0, 255, 255]))).toBe('#fb0000')
})

it('does not count what is transparent', () => {
  expect(dominantColor(pixels([255, 0, 0, 0], [255, 0, 0, 10], [0, 0, 255, 255]))).toBe('#0000ff')
  expect(dominantColor(pixels([255, 0, 0, 0]))).toBe('#000000')
})

it('a sample keeps the ratio and averages by alpha', () => {
  const data = Buffer.alloc(200 * 100 * 4)
  for (let at = 0; at < data.length; at += 4) data.set(at % 8 === 0 ? [200, 100, 0, 255] : [0, 0, 0, 0], at)
  const { width, height, rgba } = sampleRgba({ data, width: 200, height: 100, channels: 4 }, 48)
  expect([width, height]).toEqual([48, 24])
  expect([...rgba.subarray(0, 3)]).toEqual([200, 100, 0])
})
