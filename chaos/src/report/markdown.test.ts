import { expect, it } from 'vitest'
import { markdown } from './markdown.ts'
import { type CellResult, Results } from './results.ts'

const cell = (number: number, violations: CellResult['violations'] = []): CellResult => ({
  number,
  name: `scenario ${number}`,
  fault: 'a fault',
  expected: 'nothing',
  backend: 'redis',
  commit: 'abc1234',
  trials: 20,
  assets: 80,
  counts: violations.length > 0 ? { lost: violations.length } : {},
  violations,
  figure: { meaning: 's', median: 1.5, worst: 20 },
  notes: { 'requests answered 503': 7 },
  statuses: { 200: 100, 503: 4 },
  seconds: 60,
  skipped: null,
})

const resultsOf = (...cells: CellResult[]) =>
  Results.parse({
    date: '2026-11-21T08:00:00.000Z',
    seed: 'abc',
    scale: 0.33,
    trials: 20,
    sabotage: null,
    seconds: 600,
    cells,
    machine: { cpu: 'A CPU', cores: 2, memoryGb: 23, node: 'v26.10.0', os: 'Linux 6' },
  })

it('says how much zero failures prove, by the rule of three', () => {
  const text = markdown(resultsOf(cell(6), cell(7)))
  expect(text).toContain('15 % for one scenario of 20 trials, 7.5 % over all')
  expect(text).toContain('every scenario green')
})

it('names what is red, and counts it in the table', () => {
  const text = markdown(resultsOf(cell(6, [{ kind: 'lost', subject: 'asset 1', detail: 'gone\nstack' }]), cell(7)))
  expect(text).toContain('**1 red**')
  expect(text).toContain('- 6, redis: **lost**: asset 1: gone')
  expect(text).toMatch(/\| 6 \| scenario 6 \| redis \| 20 \| 80 \| 1 \|.*\| RED \|/)
})

it('shows notes and refusals that clients saw', () => {
  expect(markdown(resultsOf(cell(21)))).toContain('| 21 | redis | requests answered 503: 7; answers: 4 × 503 |')
})
