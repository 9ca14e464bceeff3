import type { History } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import { chartsOf, shortTime } from './chart-specs.ts'

const POINT: History['points'][number] = {
  at: '2026-01-01T00:00:00.000Z',
  succeeded: 0,
  failed: 0,
  errors: {},
  ready: 0,
  previewP50Ms: null,
  previewP95Ms: null,
  readyP50Ms: null,
  readyP95Ms: null,
  queued: null,
  running: null,
  oldestWaitingSec: null,
  databaseMs: null,
  storeMs: null,
  storeFailed: 0,
  bytes: null,
  objects: null,
  workers: null,
  load: null,
  memory: null,
}

const errorsOf = (...errors: Record<string, number>[]) => {
  const points = errors.map(each => ({ ...POINT, errors: each }))
  const charts = chartsOf({ range: '1h', bucketSec: 60, from: POINT.at, to: POINT.at, points })
  return charts.find(({ title }) => title.startsWith('Errors'))?.lines.map(({ label, values }) => [label, ...values])
}

describe('the chart of errors', () => {
  it('has a line for each code, the most frequent first', () => {
    expect(errorsOf({ TIMEOUT: 1 }, { CORRUPT_FILE: 5 })).toEqual([
      ['Corrupt file', 0, 5],
      ['Processing took too long', 1, 0],
    ])
  })

  it('adds up what is rare', () => {
    const lines = errorsOf({ A: 9, B: 8, C: 7, D: 6, E: 2, F: 1 })
    expect(lines).toHaveLength(5)
    expect(lines?.at(-1)).toEqual(['Others', 3])
  })

  it('says that nothing failed', () => expect(errorsOf({}, {})).toEqual([['Failed runs', 0, 0]]))
})

it.each([
  [340, '340 ms'],
  [1234, '1.2 s'],
  [60_000, '1 min'],
  [5_400_000, '1.5 h'],
])('%i ms are %s', (ms, text) => expect(shortTime(ms)).toBe(text))
