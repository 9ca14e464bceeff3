import { describe, expect, test } from 'vitest'
import { testAsset, testVariant } from '../testing/test-asset.ts'
import { testItem } from '../testing/test-item.ts'
import { isFinished, progressOf, standingOf, viewAsset, viewRow } from './row-view.ts'

const job = (progress: number, stage: string | null, status: 'queued' | 'running' = 'running') => ({
  id: 'j1',
  status,
  progress,
  stage,
})

describe('the progress number', () => {
  test.each([
    ['image', 0, 0, 0],
    ['image', 0.5, 0, 30],
    ['image', 1, 0, 60],
    ['image', 1, 0.5, 80],
    ['image', 1, 1, 100],
    ['image', 1.2, 0, 60],
    ['image', 1, 7, 100],
    [null, 1, 0, 60],
    ['video', 1, 0, 20],
    ['video', 1, 0.5, 60],
    ['audio', 1, 0.5, 70],
  ] as const)('is for %s, %d sent and %d processed %i', (kind, sent, processed, percent) => {
    expect(progressOf(kind, sent, processed)).toBe(percent)
  })
})

describe('a row', () => {
  const following = testItem({ phase: 'following', assetId: 'a1', sentBytes: 10 })

  test.each([
    ['waits', testItem(), 'waiting', 0, 'Waiting · 10 B'],
    ['uploads', testItem({ phase: 'sending', sentBytes: 5 }), 'uploading', 30, 'Uploading 50 % · 5 of 10 B'],
    ['confirms', testItem({ phase: 'confirming', sentBytes: 10 }), 'confirming', 60, 'Confirming'],
    ['has no news of its asset', following, 'processing', 60, 'Processing'],
  ])('that %s says so', (_, item, status, progress, text) => {
    expect(viewRow(item, undefined)).toMatchObject({ status, progress, text, failure: null })
  })

  test('that was confirmed shows what the service says', () => {
    const asset = testAsset({ status: 'processing', job: job(0.25, 'render') })
    expect(viewRow(following, asset)).toMatchObject({ status: 'processing', progress: 70, label: 'Processing 70 %' })
  })

  test('that the key may not follow says so and claims no progress, until it is settled', () => {
    const denial = 'This key lacks the scope "read".'
    const text = `Uploaded · what becomes of it is not shown: ${denial}`
    const asset = testAsset({ status: 'processing' })
    expect(viewRow(following, asset, denial)).toMatchObject({ status: 'processing', progress: null, text })
    expect(viewRow(following, testAsset(), denial)).toMatchObject({ status: 'ready' })
    expect(viewRow(testItem(), undefined, denial)).toMatchObject({ status: 'waiting' })
  })

  test('that failed on its way shows its own failure, whatever the asset says', () => {
    const failure = { code: 'NETWORK', detail: 'gone', step: 'send', retryable: true } as const
    const item = testItem({ phase: 'failed', failure })
    expect(viewRow(item, testAsset({ status: 'awaiting_upload' }))).toMatchObject({ status: 'failed', failure })
  })
})

describe('an asset', () => {
  test.each([
    [job(0, null, 'queued'), 'Processing 60 % · in the queue'],
    [job(0.5, 'render'), 'Processing 80 % · making files'],
    [job(0.5, 'mp4-720'), 'Processing 80 % · making mp4-720'],
    [null, 'Processing 60 %'],
  ])('in progress tells its stage: %j', (state, text) => {
    expect(viewAsset(testAsset({ status: 'processing', job: state })).text).toBe(text)
  })

  test('counts its sizes', () => {
    const variants = [testVariant({ name: 'a' }), testVariant({ name: 'b', status: 'failed' })]
    expect(viewAsset(testAsset({ status: 'partial', variants })).text).toBe('Partly ready · 1 of 2 sizes')
    expect(viewAsset(testAsset({ variants: variants.slice(0, 1) })).text).toBe('Ready · 1 size')
  })

  test('that is no picture counts its files', () => {
    const variants = [testVariant({ name: 'a' }), testVariant({ name: 'b' })]
    expect(viewAsset(testAsset({ kind: 'audio', variants })).text).toBe('Ready · 2 files')
  })

  test('does not count what it has no use for', () => {
    const variants = [testVariant({ name: 'a' }), testVariant({ name: 'b', status: 'skipped' })]
    expect(viewAsset(testAsset({ status: 'partial', variants })).text).toBe('Partly ready · 1 of 1 size')
  })

  test('that failed tells why', () => {
    const error = { code: 'CORRUPT_FILE', message: 'damaged', retryable: false }
    expect(viewAsset(testAsset({ status: 'failed', error }))).toMatchObject({
      status: 'failed',
      failure: { code: 'CORRUPT_FILE', detail: 'damaged', step: 'process', retryable: false },
    })
  })

  test('that expired says so', () => {
    expect(viewAsset(testAsset({ status: 'expired' })).failure?.code).toBe('UPLOAD_EXPIRED')
  })
})

describe('rows together', () => {
  const failed = (code: string) =>
    viewRow(testItem({ phase: 'failed', failure: { code, detail: '', step: 'send', retryable: null } }), undefined)
  const ready = viewAsset(testAsset())

  test('tell how many are there until all are settled', () => {
    expect(standingOf([])).toBeNull()
    expect(standingOf([ready, viewRow(testItem(), undefined), failed('NETWORK')])).toBe('1 of 3 ready')
    expect(standingOf([ready, failed('NETWORK')])).toBeNull()
  })

  test('are finished when they are there or nothing can help', () => {
    expect([ready, failed('NETWORK'), failed('EMPTY_FILE')].map(isFinished)).toEqual([true, false, true])
  })
})
