import { expect, test } from 'vitest'
import { testAsset } from '../testing/test-asset.ts'
import { createAssetStore } from './asset-store.ts'
import { activityOf } from './follow-policy.ts'

test('keeps the newest revision, whichever answer comes last', () => {
  const store = createAssetStore()
  store.put([testAsset({ revision: 3, filename: 'new' })])
  expect(store.put([testAsset({ revision: 2, filename: 'old' })])).toBe(false)
  expect(store.all().get('a1')?.filename).toBe('new')
})

test('does not lose what was read of an asset to a list that says less of the same revision', () => {
  const store = createAssetStore()
  store.put([{ ...testAsset({ filename: 'listed' }), isSummary: true }])
  store.put([testAsset({ filename: 'read' })])
  expect(store.put([{ ...testAsset({ filename: 'listed' }), isSummary: true }])).toBe(false)
  expect(store.all().get('a1')?.filename).toBe('read')
  store.put([{ ...testAsset({ revision: 2, filename: 'newer' }), isSummary: true }])
  expect(store.all().get('a1')).toEqual({ ...testAsset({ filename: 'read' }), newerRevision: 2 })
  expect(activityOf(testAsset(store.all().get('a1')))).toBe('busy')
})

test('has a whole asset read again until it is as new as what a list said, whichever came first', () => {
  const [listed, old, older] = [
    { ...testAsset({ revision: 5 }), isSummary: true },
    testAsset({ revision: 3 }),
    testAsset({ revision: 2 }),
  ]
  for (const answers of [
    [listed, old, older],
    [old, listed, older],
    [older, old, listed],
  ]) {
    const store = createAssetStore()
    for (const answer of answers) store.put([answer])
    expect(store.all().get('a1')).toEqual({ ...old, newerRevision: 5 })
    expect(store.put([testAsset({ revision: 5 })])).toBe(true)
    expect(store.all().get('a1')).toEqual(testAsset({ revision: 5 }))
  }
})

test('takes progress, which has no revision of its own', () => {
  const store = createAssetStore()
  const job = { id: 'j', status: 'running', progress: 0.1, stage: null } as const
  store.put([testAsset({ job })])
  expect(store.put([testAsset({ job: { ...job, progress: 0.2 } })])).toBe(true)
})

test('tells listeners only when something changed', () => {
  const store = createAssetStore()
  let times = 0
  store.subscribe(() => {
    times += 1
  })
  store.put([testAsset()])
  store.put([testAsset()])
  expect(times).toBe(1)
})

test('knows nothing any more after it was cleared, not even what was deleted', () => {
  const store = createAssetStore()
  store.put([testAsset(), testAsset({ id: 'a2' })])
  store.remove(['a2'])
  store.clear()
  expect([store.all().size, store.gone().size]).toEqual([0, 0])
  expect(store.put([testAsset({ id: 'a2' })])).toBe(true)
})

test('never takes back what was deleted', () => {
  const store = createAssetStore()
  store.put([testAsset()])
  store.remove(['a1'])
  expect(store.put([testAsset({ revision: 99 })])).toBe(false)
  expect(store.all().has('a1')).toBe(false)
  expect(store.gone().has('a1')).toBe(true)
})
