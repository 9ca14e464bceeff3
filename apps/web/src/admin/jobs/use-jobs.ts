import type { AdminJob } from '@darkroom/contracts'
import { definedOf } from '../../api/defined.ts'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { type JobFilter, queryOf } from '../filter/job-filter.ts'
import { useAdminPages } from '../session/use-admin-pages.ts'

const PAGE_SIZE = 25

/** Reads the jobs that match the filter, the newest first. */
export function useJobs(filter: JobFilter) {
  const { items, ...query } = useAdminPages<AdminJob>({
    name: ['jobs', filter],
    read: (darkroom, start) =>
      darkroom.admin.jobs.list({ ...definedOf(queryOf(filter, Date.now())), ...start, limit: PAGE_SIZE }),
    everyMs: () => REFRESH_MS,
    keyOf: job => job.id,
  })
  return { ...query, jobs: items }
}
