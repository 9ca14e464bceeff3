import { expect, test } from 'vitest'
import { countJobs, skippedReasons } from './requeue-result.ts'

test('names why jobs are left, the most frequent first, without what did not happen', () => {
  const reasons = skippedReasons({ skipped: { ASSET_DELETED: 0, SOURCE_GONE: 2, JOB_NOT_REQUEUEABLE: 9 } })
  expect(reasons).toEqual([
    { code: 'JOB_NOT_REQUEUEABLE', title: 'Job cannot be requeued', count: 9 },
    { code: 'SOURCE_GONE', title: 'Source gone', count: 2 },
  ])
})

test('counts one job in the singular', () => {
  expect([0, 1, 2].map(countJobs)).toEqual(['0 jobs', '1 job', '2 jobs'])
})
