import { describe, expect, test } from 'vitest'
import { testItem } from '../testing/test-item.ts'
import type { Failure } from './failure.ts'
import { nextItem, type UploadEvent } from './upload-item.ts'

const failure: Failure = { code: 'NETWORK', detail: 'gone', step: 'send', retryable: true }
const ids = { uploadId: 'u1', assetId: 'a1' }
const progressed = (sentBytes: number): UploadEvent => ({ type: 'progressed', ids, sentBytes, isStalled: false })
const sent: UploadEvent = { type: 'sent', ids }
const confirmed: UploadEvent = { type: 'confirmed', ids }

const run = (events: UploadEvent[], item = testItem()) => events.reduce(nextItem, item)

describe('an upload item', () => {
  test('goes from waiting to following', () => {
    const phases = [progressed(0), progressed(4), sent, confirmed]
    const seen = phases.map((_, index) => run(phases.slice(0, index + 1)).phase)
    expect(seen).toEqual(['sending', 'sending', 'confirming', 'following'])
  })

  test('is paused until it is resumed, whatever comes late', () => {
    const paused = run([progressed(4), { type: 'paused' }, progressed(8), sent, { type: 'failed', failure }])
    expect(paused).toMatchObject({ phase: 'paused', sentBytes: 4, failure: null })
    expect(run([{ type: 'resumed' }], paused).phase).toBe('waiting')
    expect(run([{ type: 'paused' }], testItem({ phase: 'following' })).phase).toBe('following')
  })

  test('has sent all of its bytes when it is sent', () => {
    expect(run([progressed(4)]).sentBytes).toBe(4)
    expect(run([progressed(0), sent]).sentBytes).toBe(10)
  })

  test('keeps its upload when it is sent again, and starts counting anew', () => {
    const item = run([progressed(4), { type: 'failed', failure }])
    expect(item).toMatchObject({ phase: 'failed', failure, uploadId: 'u1' })
    expect(nextItem(item, { type: 'retried', from: 'waiting' })).toMatchObject({
      phase: 'waiting',
      failure: null,
      uploadId: 'u1',
      sentBytes: 0,
    })
  })

  test('keeps its bytes when only the confirm is repeated', () => {
    const item = run([progressed(0), sent, { type: 'failed', failure }, { type: 'retried', from: 'confirming' }])
    expect(item).toMatchObject({ phase: 'confirming', sentBytes: 10 })
  })

  test('waits while the connection is broken, and goes on with its bytes', () => {
    const broken = run([progressed(4), { type: 'interrupted' }])
    expect(broken).toMatchObject({ phase: 'waiting', isRepeated: true, sentBytes: 0, uploadId: 'u1' })
    expect(nextItem(broken, progressed(5))).toMatchObject({ phase: 'sending', isRepeated: false, sentBytes: 5 })
  })

  test('is confirmed without a byte where the service has them already', () => {
    expect(run([sent, confirmed])).toMatchObject({ phase: 'following', assetId: 'a1' })
  })

  test.each<[string, UploadEvent, ReturnType<typeof testItem>]>([
    ['progress after it was sent', progressed(3), testItem({ phase: 'confirming' })],
    ['an error after it was confirmed', { type: 'failed', failure }, testItem({ phase: 'following' })],
    ['a confirm after it failed', confirmed, testItem({ phase: 'failed' })],
    ['a retry while it is sending', { type: 'retried', from: 'waiting' }, testItem({ phase: 'sending' })],
  ])('ignores %s', (_, event, item) => {
    expect(nextItem(item, event)).toBe(item)
  })
})
