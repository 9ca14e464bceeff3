import { describe, expect, test } from 'vitest'
import { testItem } from '../testing/test-item.ts'
import type { Failure } from './failure.ts'
import { nextItem, type UploadEvent } from './upload-item.ts'

const failure: Failure = { code: 'NETWORK', detail: 'gone', step: 'send', retryable: true }
const signed: UploadEvent = { type: 'signed', uploadId: 'u1', assetId: 'a1', expiresAt: null }

const run = (events: UploadEvent[], item = testItem()) => events.reduce(nextItem, item)

describe('an upload item', () => {
  test('goes from waiting to following', () => {
    const phases = [signed, { type: 'progressed', sentBytes: 4 }, { type: 'sent' }, { type: 'confirmed' }] as const
    const seen = phases.map((_, index) => run(phases.slice(0, index + 1)).phase)
    expect(seen).toEqual(['sending', 'sending', 'confirming', 'following'])
  })

  test('has sent all of its bytes when it is sent', () => {
    expect(run([signed, { type: 'progressed', sentBytes: 4 }]).sentBytes).toBe(4)
    expect(run([signed, { type: 'sent' }]).sentBytes).toBe(10)
  })

  test('keeps its upload when it is sent again, and starts counting anew', () => {
    const item = run([signed, { type: 'progressed', sentBytes: 4 }, { type: 'failed', failure }])
    expect(item).toMatchObject({ phase: 'failed', failure, uploadId: 'u1' })
    expect(nextItem(item, { type: 'retried', from: 'waiting' })).toMatchObject({
      phase: 'waiting',
      failure: null,
      uploadId: 'u1',
      sentBytes: 0,
    })
  })

  test('keeps its bytes when only the confirm is repeated', () => {
    const item = run([signed, { type: 'sent' }, { type: 'failed', failure }, { type: 'retried', from: 'confirming' }])
    expect(item).toMatchObject({ phase: 'confirming', sentBytes: 10 })
  })

  test('forgets its upload when it starts over, under a new idempotency key', () => {
    const item = run([signed, { type: 'failed', failure }, { type: 'restarted', idempotencyKey: 'k2' }])
    expect(item).toMatchObject({ phase: 'waiting', uploadId: null, assetId: null, idempotencyKey: 'k2' })
  })

  test.each<[string, UploadEvent, ReturnType<typeof testItem>]>([
    ['progress after it was sent', { type: 'progressed', sentBytes: 3 }, testItem({ phase: 'confirming' })],
    ['an error after it was confirmed', { type: 'failed', failure }, testItem({ phase: 'following' })],
    ['a confirm after it failed', { type: 'confirmed' }, testItem({ phase: 'failed' })],
    ['a retry while it is sending', { type: 'retried', from: 'waiting' }, testItem({ phase: 'sending' })],
  ])('ignores %s', (_, event, item) => {
    expect(nextItem(item, event)).toBe(item)
  })
})
