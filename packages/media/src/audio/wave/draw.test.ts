import { expect, it } from 'vitest'
import { drawWaveform } from './draw.ts'

const look = { width: 4, height: 8, color: '#102030' }
const wave = (...data: number[]) => ({ samplesPerPixel: 1, data })
const column = ({ data, width, height }: ReturnType<typeof drawWaveform>, x: number) =>
  Array.from({ length: height }, (_, y) => data[(y * width + x) * 4 + 3])

it('is a thin line for silence and fills the height for full scale', () => {
  const drawn = drawWaveform(wave(0, 0, 0, 0, -32_768, 32_767, -32_768, 32_767), look)
  expect(column(drawn, 0)).toEqual([0, 0, 0, 128, 128, 0, 0, 0])
  expect(column(drawn, 3)).toEqual(Array(8).fill(255))
})

it('is drawn larger when all of it is quiet, but not without end', () => {
  expect(column(drawWaveform(wave(-8192, 8192), look), 0)).toEqual(Array(8).fill(255))
  expect(column(drawWaveform(wave(-8, 8), look), 0)).toEqual([0, 0, 0, 128, 128, 0, 0, 0])
})

it('has its background behind it, as clear as that is', () => {
  const { data } = drawWaveform(wave(0, 0), { ...look, background: '#ffffff80' })
  expect([...data.subarray(0, 4)]).toEqual([255, 255, 255, 128])
})

it('of fewer pairs than columns spreads them, of more keeps the highest', () => {
  const spread = drawWaveform(wave(0, 0, 0, 32_767), look)
  expect([0, 1, 2, 3].map(x => column(spread, x)[0])).toEqual([0, 0, 255, 255])
  const dense = drawWaveform(wave(0, 32_767, ...Array(14).fill(0)), look)
  expect([0, 1].map(x => column(dense, x)[0])).toEqual([255, 0])
})

it('of nothing is a line', () => {
  expect(column(drawWaveform(wave(), look), 2)).toEqual([0, 0, 0, 128, 128, 0, 0, 0])
})
