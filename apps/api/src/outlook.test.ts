import type { WorkHistory } from '@darkroom/db'
import { describe, expect, it } from 'vitest'
import { remaining } from './outlook.ts'

const NOW = 1_000_000
const history: WorkHistory = {
  runs: [
    { presetId: 'a', queue: 'image', medianMs: 1000, runs: 3 },
    { presetId: 'b', queue: 'image', medianMs: 4000, runs: 1 },
  ],
  queues: [{ queue: 'image', waiting: 10, slots: 2 }],
}
const job = { queue: 'image', status: 'queued', progress: 0, startedAt: null, availableAt: new Date(NOW) } as const
const running = { ...job, status: 'running', startedAt: new Date(NOW - 600) } as const

describe('what is left of a job', () => {
  it('is the line before it and a run like others of its preset', () =>
    expect(remaining(history, 'a', job, NOW)).toBe((10 / 2) * 1000 + 1000))

  it('begins when the job may begin', () =>
    expect(remaining(history, 'a', { ...job, availableAt: new Date(NOW + 5000) }, NOW)).toBe(5000 + 6000))

  it('goes by the other presets of the queue where its own has no history', () => {
    const mean = (1000 * 3 + 4000) / 4
    expect(remaining(history, 'new', running, NOW)).toBe(mean - 600)
  })

  it('goes by progress the more, the further it is', () => {
    expect(remaining(history, 'a', { ...running, progress: 0.5 }, NOW)).toBe(0.5 * 600 + 0.5 * 400)
    expect(remaining(history, 'a', { ...running, progress: 0.01 }, NOW)).toBe(400)
  })

  it('is not known without any history and progress, and nothing once it has ended', () => {
    expect(remaining({ runs: [], queues: [] }, 'a', running, NOW)).toBeNull()
    expect(remaining(history, 'a', { ...job, status: 'succeeded' }, NOW)).toBeNull()
  })

  it('is nothing more when it takes longer than others, and never negative', () =>
    expect(remaining(history, 'a', { ...running, startedAt: new Date(NOW - 60_000) }, NOW)).toBe(0))
})
