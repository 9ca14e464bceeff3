import type { WorkHistory } from '@darkroom/db/operations'
import { describe, expect, it } from 'vitest'
import { type JobState, remaining } from './eta.ts'

const NOW = 1_000_000
const history: WorkHistory = {
  runs: [
    { presetId: 'a', queue: 'image', medianMs: 1000, runs: 3 },
    { presetId: 'b', queue: 'image', medianMs: 4000, runs: 1 },
  ],
  waiting: [
    { queue: 'image', lane: 'interactive', projectId: 'mine', jobs: 3 },
    { queue: 'image', lane: 'interactive', projectId: 'small', jobs: 1 },
    { queue: 'image', lane: 'interactive', projectId: 'large', jobs: 90 },
    { queue: 'image', lane: 'backfill', projectId: 'mine', jobs: 5000 },
    { queue: 'video', lane: 'interactive', projectId: 'mine', jobs: 70 },
  ],
  slots: [{ queue: 'image', slots: 2 }],
  paused: ['video'],
}
const job: JobState = {
  projectId: 'mine',
  queue: 'image',
  lane: 'interactive',
  status: 'queued',
  progress: 0,
  startedAt: null,
  availableAt: new Date(NOW),
}
/** Two of its own project, one of the small one, and three of the large one while it has three turns. */
const LINE = ((2 + 1 + 3) / 2) * 1000
const running = { ...job, status: 'running', startedAt: new Date(NOW - 600) } as const

describe('what is left of a job', () => {
  it('is the line before it and a run like others of its preset', () =>
    expect(remaining(history, 'a', job, NOW)).toBe(LINE + 1000))

  it('is the whole of what is more urgent, for what is less', () => {
    const backfill = { ...job, lane: 'backfill' } as const
    expect(remaining(history, 'a', backfill, NOW)).toBe(((4999 + 3 + 1 + 90) / 2) * 1000 + 1000)
  })

  it('is no longer for one of a project that nothing else waits of', () => {
    const first = { ...job, projectId: 'new' }
    expect(remaining(history, 'a', first, NOW)).toBe((3 / 2) * 1000 + 1000)
  })

  it('is a line of one where no worker lives', () =>
    expect(remaining({ ...history, slots: [] }, 'a', job, NOW)).toBe(2 * LINE + 1000))

  it('begins when the job may begin', () =>
    expect(remaining(history, 'a', { ...job, availableAt: new Date(NOW + 5000) }, NOW)).toBe(5000 + LINE + 1000))

  it('is not known of what a pause holds back, and goes on for what runs already', () => {
    const paused = { ...history, paused: ['image'] }
    expect(remaining(paused, 'a', job, NOW)).toBeNull()
    expect(remaining(paused, 'a', running, NOW)).toBe(400)
  })

  it('goes by the other presets of the queue where its own has no history', () => {
    const mean = (1000 * 3 + 4000) / 4
    expect(remaining(history, 'new', running, NOW)).toBe(mean - 600)
  })

  it('goes by progress the more, the further it is', () => {
    expect(remaining(history, 'a', { ...running, progress: 0.5 }, NOW)).toBe(0.5 * 600 + 0.5 * 400)
    expect(remaining(history, 'a', { ...running, progress: 0.01 }, NOW)).toBe(400)
  })

  it('is not known without any history and progress, and nothing once it has ended', () => {
    expect(remaining({ runs: [], waiting: [], slots: [], paused: [] }, 'a', running, NOW)).toBeNull()
    expect(remaining(history, 'a', { ...job, status: 'succeeded' }, NOW)).toBeNull()
  })

  it('is nothing more when it takes longer than others, and never negative', () =>
    expect(remaining(history, 'a', { ...running, startedAt: new Date(NOW - 60_000) }, NOW)).toBe(0))
})
