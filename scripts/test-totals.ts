import { z } from 'zod'

/** The part of vitest's JSON report that is counted. */
export const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

export interface Totals {
  passed: number
  failed: number
  /** Names of the tests, with their files. */
  skipped: string[]
}

export const NO_TESTS: Totals = { passed: 0, failed: 0, skipped: [] }

export function addTotals(a: Totals, b: Totals): Totals {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] }
}

/**
 * Sums up a report. A file that fails without a failing test (it cannot be loaded, a hook throws) counts as one
 * failure.
 */
export function totalsOf(report: z.infer<typeof Report>, root: string): Totals {
  return report.testResults.map(file => totalsOfFile(file, root)).reduce(addTotals, NO_TESTS)
}

function totalsOfFile(file: z.infer<typeof Report>['testResults'][number], root: string): Totals {
  const of = (...statuses: string[]) => file.assertionResults.filter(({ status }) => statuses.includes(status))
  const failed = of('failed').length
  return {
    passed: of('passed').length,
    failed: failed === 0 && file.status === 'failed' ? 1 : failed,
    skipped: of('skipped', 'pending', 'todo', 'disabled').map(
      ({ fullName }) => `${file.name.replace(`${root}/`, '')} > ${fullName}`,
    ),
  }
}

/** Formats the last line of `npm test`. Scripts read it, so its form never changes. */
export const summaryOf = ({ passed, failed, skipped }: Totals): string =>
  `${passed} passed, ${failed} failed, ${skipped.length} skipped`
