import { expect, test } from 'vitest'
import { testAsset, testVariant } from '../testing/test-asset.ts'
import { variantNote } from './variant-note.ts'

const error = { code: 'TOO_MANY_PIXELS', message: 'The picture has too many pixels.', retryable: false } as const
const other = { ...error, message: 'The picture has too many pixels for this size.' }
const failed = testVariant({ name: 'thumb', status: 'failed' })
const pending = testVariant({ name: 'thumb', status: 'pending' })

test('does not say again of a variant what the asset says', () => {
  const asset = testAsset({ status: 'failed', error })
  expect(variantNote(asset, { ...failed, error })).toBe('Not made')
  expect(variantNote(asset, { ...pending, error })).toBe('Not made')
})

test('says what is wrong with one variant alone', () => {
  const text = 'The picture has too many pixels for this size. (TOO_MANY_PIXELS)'
  expect(variantNote(testAsset({ status: 'failed', error }), { ...failed, error: other })).toBe(text)
  expect(variantNote(testAsset({ status: 'partial' }), { ...failed, error: other })).toBe(text)
})

test('tells what will come from what will not', () => {
  expect(variantNote(testAsset({ status: 'processing' }), pending)).toBe('Processing')
  expect(variantNote(testAsset({ status: 'failed', error }), pending)).toBe('Not made yet')
  expect(variantNote(testAsset({ status: 'failed', error }), failed)).toBe('Could not be made')
})
