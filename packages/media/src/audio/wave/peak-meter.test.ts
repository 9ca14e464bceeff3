import fc from 'fast-check'
import { expect, it } from 'vitest'
import { peakMeter } from './peak-meter.ts'
import { peaksJson } from './peaks-json.ts'

const measure = (samplesPerPixel: number, ...parts: number[][]) => {
  const meter = peakMeter(samplesPerPixel)
  for (const part of parts) meter.add(Int16Array.from(part))
  return meter.peaks()
}

it('is the lowest and highest of each stretch, the last one being as long as it is', () => {
  expect(measure(3, [5, -2, 7, 1, 2, 3, -9])).toEqual({ samplesPerPixel: 3, data: [-2, 7, 1, 3, -9, -9] })
  expect(measure(3)).toEqual({ samplesPerPixel: 3, data: [] })
})

it('does not depend on how the samples are cut into pieces', () => {
  const parts = fc.array(fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 20 }), { maxLength: 10 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), parts, (samplesPerPixel, pieces) => {
      const { data } = measure(samplesPerPixel, ...pieces)
      expect(data).toEqual(measure(samplesPerPixel, pieces.flat()).data)
      expect(data).toHaveLength(Math.ceil(pieces.flat().length / samplesPerPixel) * 2)
    }),
  )
})

it('is written in 8 bits, full scale to full scale', () => {
  const { data, length, bits } = JSON.parse(peaksJson(measure(2, [-32_768, 32_767, 0, 256]), 8000))
  expect({ data, length, bits }).toEqual({ data: [-128, 127, 0, 1], length: 2, bits: 8 })
})
