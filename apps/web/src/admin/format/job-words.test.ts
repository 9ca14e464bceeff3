import { describe, expect, test } from 'vitest'
import { jobAge, jobNameWords } from './job-words.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const at = (secondsAgo: number) => new Date(NOW - secondsAgo * 1000).toISOString()
const moments = { attempt: 0, availableAt: at(600), queuedAt: at(600), startedAt: null, finishedAt: null }

describe('the age of a job', () => {
  test.each([
    ['counts from its end', { status: 'failed', finishedAt: at(180) }, 'failed 3 min ago'],
    ['counts from its creation when no end was noted', { status: 'cancelled' }, 'cancelled 10 min ago'],
    ['counts from the start of the run', { status: 'running', startedAt: at(20) }, 'running for 20 s'],
    ['counts from its creation while it waits', { status: 'queued' }, 'waiting for 10 min'],
    ['counts from when it could run again', { status: 'queued', attempt: 1, availableAt: at(7) }, 'waiting for 7 s'],
    ['looks ahead to the retry', { status: 'queued', attempt: 2, availableAt: at(-41) }, 'next attempt in 41 s'],
    ['looks ahead to a delayed first run', { status: 'queued', availableAt: at(-120) }, 'starts in 2 min'],
  ] as const)('%s', (_, parts, text) => expect(jobAge({ ...moments, ...parts }, NOW)).toBe(text))
})

test.each([
  ['asset.delete', 'Deletion'],
  ['asset.dream', 'asset.dream'],
  ['toString', 'toString'],
])('the job name %s reads as %s', (name, words) => expect(jobNameWords(name)).toBe(words))
