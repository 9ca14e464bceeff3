import { describe, expect, it } from 'vitest'
import { classOf, estimateCost, type Workload } from './estimate-cost.ts'
import figures from './figures.json' with { type: 'json' }

const idle: Workload = {
  filesPerMonth: { photo: 0, video: 0, document: 0 },
  month: 1,
  egressBytes: 0,
  isPartnerCdn: false,
}
const photos = (count: number, changed: Partial<Workload> = {}): Workload => ({
  ...idle,
  filesPerMonth: { ...idle.filesPerMonth, photo: count },
  ...changed,
})

describe('estimateCost', () => {
  it('bills nothing for nothing', () => {
    expect(estimateCost(idle)).toMatchObject({ storedBytes: 0, cpuHours: 0, usd: { total: 0 } })
  })

  it('bills a terabyte a month at its price, less what is free', () => {
    const { photo } = figures.kinds
    const originalBytes = { photo: 1e12 - photo.variantBytes }
    const { storedBytes, usd } = estimateCost(photos(1, { originalBytes }))
    expect(storedBytes).toBe(1e12)
    expect(usd.storage).toBeCloseTo(6.95 * 0.99, 6)
    expect(usd.egress).toBe(0)
  })

  it('keeps what earlier months brought', () => {
    const first = estimateCost(photos(1000))
    const twelfth = estimateCost(photos(1000, { month: 12 }))
    expect(twelfth.storedBytes).toBe(first.storedBytes * 12)
    expect(twelfth.calls).toEqual(first.calls)
  })

  it('bills egress above three times of what is stored, and none to a partner', () => {
    const stored = estimateCost(photos(1000))
    const own = stored.egressBytes
    const egressBytes = stored.storedBytes * 3 - own + 100e9
    expect(estimateCost(photos(1000, { egressBytes })).usd.egress).toBeCloseTo(1, 6)
    expect(estimateCost(photos(1000, { egressBytes, isPartnerCdn: true })).usd.egress).toBe(0)
  })

  it('bills calls by their class, above what is free each day', () => {
    const { calls, usd } = estimateCost(photos(1_000_000))
    const free = 2500 * 30
    const expected = Math.max(0, calls.B - free) * 0.0000004 + Math.max(0, calls.C - free) * 0.000004
    expect(usd.calls).toBeCloseTo(expected, 6)
    expect(estimateCost(photos(100)).usd.calls).toBe(0)
  })
})

it.each([
  ['PutObject', 'A'],
  ['HeadObject', 'B'],
  ['CopyObject', 'C'],
  ['ListObjectVersions', 'C'],
])('%s is a call of class %s', (operation, expected) => {
  expect(classOf(operation)).toBe(expected)
})
