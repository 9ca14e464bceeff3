import type { PlannedVariant } from '@darkroom/media/plan'
import { expect, it } from 'vitest'
import { createBytesPrediction } from './predict-bytes.ts'

const standing = (name: string, byteSize: number, side: number | null) => ({
  name,
  byteSize,
  width: side,
  height: side,
  fingerprint: 'f',
})
const wanted = (name: string, side: number | null) => ({ name, width: side, height: side }) as PlannedVariant

it.each([
  ['those of its name', 'thumb', 10, 200],
  ['pixels of the other images', 'other', 20, 1200],
  ['files of the kind where it is no image', 'text', null, 400],
])('a file is as large as %s', (_title, name, side, bytes) => {
  const prediction = createBytesPrediction()
  prediction.see('image', standing('thumb', 100, 10))
  prediction.see('image', standing('thumb', 300, 10))
  prediction.see('image', standing('large', 800, 14.142_135_623_730_951))
  prediction.see('video', standing('thumb', 1_000_000, 10))
  prediction.want('image', wanted(name, side))
  expect(prediction.total()).toBe(bytes)
})

it('without anything to compare with, an image has a few bits for each pixel', () => {
  const prediction = createBytesPrediction()
  prediction.want('image', wanted('thumb', 100))
  expect(prediction.total()).toBe(1500)
})
