import type { QueueOverview } from '@darkroom/contracts'
import { describe, expect, test } from 'vitest'
import { isIdle, lanesText, oldestText, queueRemark, rateText } from './queue-words.ts'

const queue = (parts: Partial<QueueOverview>): QueueOverview => ({
  queue: 'image',
  pausedAt: null,
  pausedBy: null,
  reason: null,
  queued: 0,
  queuedByLane: { interactive: 0, retry: 0, backfill: 0, maintenance: 0 },
  running: 0,
  failed: 0,
  oldestQueuedAt: null,
  succeededLastMinute: 0,
  failedLastMinute: 0,
  waitingInBackend: 0,
  activeInBackend: 0,
  workers: 1,
  slots: 4,
  ...parts,
})
const pausedAt = '2026-03-01T12:00:00Z'

describe('the remark on a queue', () => {
  test.each([
    ['nothing when all is well', {}, null],
    ['who paused it and why', { pausedAt, pausedBy: 'operator', reason: 'new disk' }, 'Paused: new disk'],
    ['that it is paused, without a reason', { pausedAt, pausedBy: 'operator' }, 'Paused'],
    ['that an alarm paused it', { pausedAt, pausedBy: 'alarm', reason: 'cap', workers: 0 }, 'Paused by an alarm: cap'],
    ['that nobody works on it', { workers: 0 }, 'No worker serves this queue'],
  ] as const)('is %s', (_, parts, text) => expect(queueRemark(queue(parts))?.text ?? null).toBe(text))

  test('is trouble when work waits for nobody, and none when nothing waits', () => {
    expect(queueRemark(queue({ workers: 0, queued: 1 }))?.isTrouble).toBe(true)
    expect(queueRemark(queue({ workers: 0 }))?.isTrouble).toBe(false)
  })
})

describe('lanes', () => {
  const lanes = (queuedByLane: Partial<QueueOverview['queuedByLane']>) => {
    const all = { ...queue({}).queuedByLane, ...queuedByLane }
    return lanesText(queue({ queuedByLane: all, queued: Object.values(all).reduce((sum, count) => sum + count) }))
  }
  test('are named when there is more than the usual one', () => {
    expect(lanes({ interactive: 12, retry: 3 })).toBe('12\u00a0interactive, 3\u00a0retry')
    expect(lanes({ backfill: 7 })).toBe('7\u00a0backfill')
  })
  test('are left out when they say no more than the sum', () => {
    expect(lanes({ interactive: 12 })).toBe('')
    expect(lanes({})).toBe('')
  })
})

test('the rate names failures only when there are any', () => {
  expect(rateText(queue({ succeededLastMinute: 5 }))).toBe('5/min')
  expect(rateText(queue({ succeededLastMinute: 5, failedLastMinute: 2 }))).toBe('5/min, 2\u00a0failed')
})

test('the oldest is told as a span, and nothing waits as a dash', () => {
  expect(oldestText(queue({ oldestQueuedAt: pausedAt }), Date.parse(pausedAt) + 190_000)).toBe('3 min')
  expect(oldestText(queue({}), 0)).toBe('–')
})

test.each(['queued', 'running', 'failed', 'succeededLastMinute', 'failedLastMinute'])(
  'a queue with %s is not idle',
  name => expect([isIdle(queue({})), isIdle(queue({ [name]: 1 }))]).toEqual([true, false]),
)
