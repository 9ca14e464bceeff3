import { describe, expect, it } from 'vitest'
import { redeliveryDelayMs } from './retry-schedule.ts'

const HOUR = 3_600_000

describe('the schedule of retries', () => {
  it('takes three days, and then gives up', () => {
    const delays = Array.from({ length: 9 }, (_, failures) => redeliveryDelayMs({ failures }, () => 0.5) ?? 0)
    expect(delays.map(delay => Math.round(delay / 1000))).toEqual([
      5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400,
    ])
    expect(delays.reduce((sum, delay) => sum + delay) / HOUR).toBeGreaterThan(72)
    expect(redeliveryDelayMs({ failures: 9 })).toBeNull()
  })

  it('spreads by a tenth', () => {
    expect([0, 1].map(value => Math.round(redeliveryDelayMs({ failures: 1 }, () => value) ?? 0))).toEqual([
      270_000, 330_000,
    ])
  })

  it('waits as long as it is asked to, a day at most', () => {
    expect(redeliveryDelayMs({ failures: 0, askedForMs: HOUR })).toBe(HOUR)
    expect(redeliveryDelayMs({ failures: 0, askedForMs: 90 * HOUR })).toBe(24 * HOUR)
    expect(redeliveryDelayMs({ failures: 3, askedForMs: 1000 }, () => 0.5)).toBe(2 * HOUR)
    expect(redeliveryDelayMs({ failures: 9, askedForMs: HOUR })).toBeNull()
  })
})
