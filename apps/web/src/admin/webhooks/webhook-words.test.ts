import { describe, expect, test } from 'vitest'
import { deliveryText, eventsText, webhookState } from './webhook-words.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString()
const well = { enabled: true, disabledReason: null, disabledAt: null, failingSince: null }

describe('the state of an endpoint', () => {
  test.each([
    ['is calm when nothing failed', well, 'ready', 'Enabled'],
    ['counts from the first failure', { ...well, failingSince: at(7200) }, 'partial', 'Failing for 2 h'],
    [
      'says who disabled it',
      { ...well, enabled: false, disabledReason: 'owner', disabledAt: at(180) },
      'disabled',
      'Disabled manually, 3 min ago',
    ],
    [
      'is red when it disabled itself',
      { ...well, enabled: false, disabledReason: 'gone', disabledAt: at(0), failingSince: at(99) },
      'failed',
      'Disabled: it responded with 410 Gone, just now',
    ],
  ] as const)('%s', (_, webhook, status, text) => expect(webhookState(webhook, NOW)).toEqual({ status, text }))
})

test('no filter is every event', () => {
  expect(eventsText({ events: null })).toBe('all events')
  expect(eventsText({ events: ['asset.ready', 'asset.failed'] })).toBe('asset.ready, asset.failed')
})

describe('the course of a delivery', () => {
  const attempt = { attempt: 1, startedAt: at(60), durationMs: 3, status: 500, answer: null, error: null }
  const waiting = { status: 'pending', attempts: [], nextAttemptAt: at(0), settledAt: null, createdAt: at(60) } as const
  test.each([
    ['is under way', waiting, 'sending now, no attempts yet'],
    ['waits', { ...waiting, attempts: [attempt], nextAttemptAt: at(-300) }, 'next attempt in 5 min, 1 attempt'],
    [
      'is at its end',
      { ...waiting, status: 'delivered', attempts: [attempt, attempt], settledAt: at(180) },
      'delivered 3 min ago, 2 attempts',
    ],
  ] as const)('%s', (_, { attempts, ...delivery }, text) =>
    expect(deliveryText({ ...delivery, attempts: [...attempts] }, NOW)).toBe(text),
  )
})
