import { expect, it } from 'vitest'
import { addTotals, NO_TESTS, summaryOf, totalsOf } from './test-totals.ts'

const file = (name: string, status: string, ...statuses: string[]) => ({
  name: `/repo/${name}`,
  status,
  assertionResults: statuses.map((status, index) => ({ fullName: `states fact ${index}`, status })),
})

it('counts what passed and failed, and names what was skipped', () => {
  const testResults = [file('a.test.ts', 'passed', 'passed', 'pending', 'todo'), file('b.test.ts', 'failed', 'failed')]
  const totals = totalsOf({ testResults }, '/repo')
  expect(totals.skipped).toEqual(['a.test.ts > states fact 1', 'a.test.ts > states fact 2'])
  expect(summaryOf(totals)).toBe('1 passed, 1 failed, 2 skipped')
})

it('counts a file that cannot be loaded as a failure', () => {
  const testResults = [file('broken.test.ts', 'failed')]
  expect(summaryOf(totalsOf({ testResults }, '/repo'))).toBe('0 passed, 1 failed, 0 skipped')
})

it('adds stages up', () => {
  const stage = { passed: 2, failed: 1, skipped: ['x'] }
  expect(summaryOf(addTotals(addTotals(NO_TESTS, stage), stage))).toBe('4 passed, 2 failed, 2 skipped')
})
