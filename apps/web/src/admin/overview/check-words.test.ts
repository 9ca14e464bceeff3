import type { InstallationChecks } from '@darkroom/contracts'
import { expect, it } from 'vitest'
import { summaryOf } from './check-words.ts'

const fine = { id: 'store.clock', title: '', state: 'ok', seen: '', cause: null, fix: null } as const
const checks = (faults: number, warnings: number): InstallationChecks => ({
  checkedAt: '2026-11-23T19:00:00.000Z',
  isRunning: false,
  faults,
  warnings,
  checks: [fine, fine, { ...fine, state: 'not_checked' }],
})

it.each([
  [checks(0, 0), 'All 2 checks are fine'],
  [checks(1, 0), '1 fault'],
  [checks(0, 1), '1 warning'],
  [checks(2, 3), '2 faults, 3 warnings'],
  [{ ...checks(0, 0), checkedAt: null }, 'Checking the installation …'],
])('%# is summed up as %s', (given, wanted) => {
  expect(summaryOf(given)).toBe(wanted)
})
