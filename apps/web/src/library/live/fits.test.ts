import { expect, it } from 'vitest'
import { testAsset } from '../../testing/test-asset.ts'
import type { AssetFilterQuery } from '../search/library-search.ts'
import { fits } from './fits.ts'

const asset = testAsset({
  filename: 'Old-Harbour.JPG',
  kind: 'image',
  status: 'ready',
  tags: ['sea'],
  folder: '2026/summer',
  byteSize: 5000,
  createdAt: '2026-11-25T12:00:00.000Z',
})

it.each<[AssetFilterQuery, boolean]>([
  [{}, true],
  [{ status: 'ready', kind: 'image', tag: 'sea', folder: '2026/summer' }, true],
  [{ status: 'failed' }, false],
  [{ kind: 'video' }, false],
  [{ tag: 'se' }, false],
  [{ folder: '2026' }, false],
  [{ folder: '' }, false],
  [{ q: 'harb' }, true],
  [{ q: 'arb' }, true],
  [{ q: 'ha' }, true],
  [{ q: 'rb' }, false],
  [{ q: '-' }, true],
  [{ minBytes: 5000, maxBytes: 5000 }, true],
  [{ minBytes: 5001 }, false],
  [{ maxBytes: 4999 }, false],
  [{ createdAfter: '2026-11-25T12:00:00.000Z' }, false],
  [{ createdAfter: '2026-11-25T11:59:59.999Z', createdBefore: '2026-11-25T12:00:00.001Z' }, true],
  [{ createdBefore: '2026-11-25T12:00:00.000Z' }, false],
  [{ deletion: 'scheduled' }, false],
  [{ deletion: 'any' }, true],
])('an asset and the filter %j: %s', (filter, expected) => expect(fits(asset, filter)).toBe(expected))

it('leaves out what is being deleted, unless it is asked for', () => {
  expect(fits({ ...asset, status: 'deleting' }, {})).toBe(false)
  expect(fits({ ...asset, status: 'deleting' }, { status: 'deleting' })).toBe(true)
  const scheduled = { ...asset, deleteAt: '2026-11-25T13:00:00.000Z' }
  expect([fits(scheduled, {}), fits(scheduled, { deletion: 'scheduled' })]).toEqual([false, true])
})
