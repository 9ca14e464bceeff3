import type { z } from 'zod'
import type { Report } from './test-totals.ts'

type TestReport = z.infer<typeof Report>

/** A test that failed in some of the runs. */
export interface Flaky {
  /** With its file; a file that could not be loaded stands for itself. */
  name: string
  failed: number
  runs: number
}

/** Lists the tests that failed in these runs, the most frequent first. */
export function flakyTests(reports: readonly TestReport[], root: string): Flaky[] {
  const failed = new Map<string, number>()
  for (const name of reports.flatMap(report => failuresOf(report, root))) failed.set(name, (failed.get(name) ?? 0) + 1)
  return [...failed]
    .map(([name, count]) => ({ name, failed: count, runs: reports.length }))
    .toSorted((a, b) => b.failed - a.failed || a.name.localeCompare(b.name))
}

function failuresOf({ testResults }: TestReport, root: string): string[] {
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const file = name.replace(`${root}/`, '')
    const tests = assertionResults.filter(test => test.status === 'failed').map(test => `${file} > ${test.fullName}`)
    return tests.length > 0 || status !== 'failed' ? tests : [file]
  })
}
