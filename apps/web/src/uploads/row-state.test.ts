import { describe, expect, test } from 'vitest'
import { testAsset, testVariant } from '../testing/test-asset.ts'
import { testItem } from '../testing/test-item.ts'
import { assetState, isFinished, rowStateOf, standingOf } from './row-state.ts'
import { NORMAL_CONDITIONS } from './service-conditions.ts'

const job = (progress: number, stage: string | null, status: 'queued' | 'running' = 'running') => ({
  id: 'j1',
  status,
  progress,
  stage,
})

describe('a row', () => {
  const following = testItem({ phase: 'following', assetId: 'a1', sentBytes: 10 })

  const sending = testItem({ phase: 'sending', sentBytes: 4 })
  const confirming = testItem({ phase: 'confirming', sentBytes: 10 })

  test.each([
    ['waits', testItem(), 'waiting', null, 'Waiting in the queue · 10 B'],
    ['uploads', sending, 'uploading', 40, 'Uploading 40 % · 4 of 10 B'],
    [
      'does not move',
      { ...sending, isStalled: true },
      'uploading',
      40,
      'Stalled at 40 % · the connection is lost or very slow',
    ],
    ['confirms', confirming, 'confirming', 100, 'Uploaded · confirming'],
    [
      'was interrupted',
      testItem({ phase: 'interrupted', file: null, sentBytes: 4 }),
      'interrupted',
      40,
      'Interrupted at 40 % · choose the same file to continue',
    ],
    [
      'was interrupted, of which nothing is there',
      testItem({ phase: 'interrupted', file: null }),
      'interrupted',
      null,
      'Interrupted · choose the same file to continue',
    ],
    ['has no news of its asset', following, 'waiting', null, 'Uploaded'],
  ])('that %s says so', (_, item, status, progress, text) => {
    expect(rowStateOf(item, undefined)).toMatchObject({ status, progress, text, failure: null })
  })

  test.each([
    ['offline', testItem(), 'Waiting · you are offline'],
    ['silent', testItem(), 'Waiting · Darkroom does not respond'],
    ['keyless', testItem(), 'Waiting · an API key is needed'],
    ['paused', testItem(), 'Waiting · storage does not accept files right now'],
    ['offline', sending, 'Interrupted at 40 % · you are offline'],
    // The bytes go to the store, which may well be there.
    ['silent', sending, 'Uploading 40 % · 4 of 10 B'],
    ['silent', confirming, 'Uploaded · not confirmed yet: Darkroom does not respond'],
  ] as const)('that is held up (%s) says by what', (hold, item, text) => {
    expect(rowStateOf(item, undefined, { ...NORMAL_CONDITIONS, hold }).text).toBe(text)
  })

  test('that was confirmed shows what the service says', () => {
    const asset = testAsset({ status: 'processing', job: job(0.25, 'render') })
    expect(rowStateOf(following, asset)).toMatchObject({ status: 'processing', progress: 25, label: 'Processing 25 %' })
  })

  test('that the key may not follow says so and claims no progress, until it is settled', () => {
    const readDenial = 'This key lacks the scope "read".'
    const around = { ...NORMAL_CONDITIONS, readDenial }
    const text = `Uploaded · progress is not shown: ${readDenial}`
    const asset = testAsset({ status: 'processing' })
    expect(rowStateOf(following, asset, around)).toMatchObject({ status: 'processing', progress: null, text })
    expect(rowStateOf(following, testAsset(), around)).toMatchObject({ status: 'ready' })
    expect(rowStateOf(testItem(), undefined, around)).toMatchObject({ status: 'waiting' })
  })

  test('that failed on its way shows its own failure, whatever the asset says', () => {
    const failure = { code: 'NETWORK', detail: 'gone', step: 'send', retryable: true } as const
    const item = testItem({ phase: 'failed', failure })
    expect(rowStateOf(item, testAsset({ status: 'awaiting_upload' }))).toMatchObject({ status: 'failed', failure })
  })
})

describe('an asset', () => {
  test.each([
    [job(0.5, 'render'), 'Processing 50 % · making variants'],
    [job(0.999, 'mp4-720'), 'Processing 99 % · making mp4-720'],
    [job(0, null), 'Processing 0 %'],
  ])('in progress tells its stage: %j', (state, text) => {
    const { progress } = state
    expect(assetState(testAsset({ status: 'processing', job: state }))).toMatchObject({
      text,
      progress: Math.floor(progress * 100),
    })
  })

  describe('that waits', () => {
    const waiting = testAsset({ status: 'processing', progress: 0, job: job(0, null, 'queued') })
    const inHalfAMinute = new Date(Date.now() + 29_500).toISOString()
    const error = { code: 'STORE_UNAVAILABLE', message: 'gone', retryable: true }

    test.each([
      ['in the queue', waiting, NORMAL_CONDITIONS, 'Waiting · in the queue'],
      [
        'with an estimate',
        { ...waiting, estimatedReadyAt: inHalfAMinute },
        NORMAL_CONDITIONS,
        'Waiting · in the queue, about 30 s left',
      ],
      [
        'for another attempt',
        { ...waiting, job: { ...job(0.6, 'render', 'queued'), error } },
        NORMAL_CONDITIONS,
        'Waiting · retry scheduled',
      ],
      [
        'because its kind is paused',
        waiting,
        { ...NORMAL_CONDITIONS, pausedKinds: ['image'] as const },
        'Paused · waiting until processing resumes',
      ],
      [
        'though another kind is paused',
        waiting,
        { ...NORMAL_CONDITIONS, pausedKinds: ['video'] as const },
        'Waiting · in the queue',
      ],
      [
        'while nothing is heard of it',
        { ...waiting, estimatedReadyAt: inHalfAMinute },
        { ...NORMAL_CONDITIONS, hold: 'offline' as const },
        'Waiting · last known state, you are offline',
      ],
    ])('%s claims no progress and says for what', (_, asset, around, text) => {
      expect(assetState(asset, around)).toMatchObject({ status: 'waiting', progress: null, text })
    })
  })

  test('whose kind is paused after it was begun goes on', () => {
    const asset = testAsset({ status: 'processing', job: job(0.5, 'render') })
    expect(assetState(asset, { ...NORMAL_CONDITIONS, pausedKinds: ['image'] }).label).toBe('Processing 50 %')
  })

  test('counts its sizes', () => {
    const variants = [testVariant({ name: 'a' }), testVariant({ name: 'b', status: 'failed' })]
    expect(assetState(testAsset({ status: 'partial', variants })).text).toBe('Partly ready · 1 of 2 sizes')
    expect(assetState(testAsset({ variants: variants.slice(0, 1) })).text).toBe('Ready · 1 size')
  })

  test('that is no image counts its files', () => {
    const variants = [testVariant({ name: 'a' }), testVariant({ name: 'b' })]
    expect(assetState(testAsset({ kind: 'audio', variants })).text).toBe('Ready · 2 files')
  })

  test('does not count what it has no use for', () => {
    const variants = [testVariant({ name: 'a' }), testVariant({ name: 'b', status: 'skipped' })]
    expect(assetState(testAsset({ status: 'partial', variants })).text).toBe('Partly ready · 1 of 1 size')
  })

  test('that failed tells why', () => {
    const error = { code: 'CORRUPT_FILE', message: 'damaged', retryable: false }
    expect(assetState(testAsset({ status: 'failed', error }))).toMatchObject({
      status: 'failed',
      failure: { code: 'CORRUPT_FILE', detail: 'damaged', step: 'process', retryable: false },
    })
  })

  test('that expired says so', () => {
    expect(assetState(testAsset({ status: 'expired' })).failure?.code).toBe('UPLOAD_EXPIRED')
  })
})

describe('rows together', () => {
  const failed = (code: string) =>
    rowStateOf(testItem({ phase: 'failed', failure: { code, detail: '', step: 'send', retryable: null } }), undefined)
  const ready = assetState(testAsset())

  test('tell how many are there until all are settled', () => {
    expect(standingOf([])).toBeNull()
    expect(standingOf([ready, rowStateOf(testItem(), undefined), failed('NETWORK')])).toBe('1 of 3 ready')
    expect(standingOf([ready, failed('NETWORK')])).toBeNull()
  })

  test('are finished when they are there or nothing can help', () => {
    expect([ready, failed('NETWORK'), failed('EMPTY_FILE')].map(isFinished)).toEqual([true, false, true])
  })
})
