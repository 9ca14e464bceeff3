import type { JobsRequeued } from '@darkroom/contracts'
import { errorTitle } from '../format/error-title.ts'

export const countJobs = (count: number): string => (count === 1 ? '1 job' : `${count} jobs`)

/** Counts the jobs of a dry run that a requeue would enqueue again. */
export const countRequeueable = ({ matched, skipped }: Pick<JobsRequeued, 'matched' | 'skipped'>): number =>
  Object.values(skipped).reduce((left, count) => left - count, matched)

/** Lists why jobs are skipped, the most frequent reason first. */
export const skippedReasons = ({ skipped }: Pick<JobsRequeued, 'skipped'>) =>
  Object.entries(skipped)
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, count]) => ({ code, title: errorTitle(code), count }))
