import { REFRESH_MS } from '../../ui/refresh.ts'
import { type JobFilter, queryOf } from '../filter/job-filter.ts'
import { useAdminPages } from '../session/use-admin-pages.ts'

const PAGE_SIZE = 25

/** Reads the jobs that match the filter, the newest first. */
export function useJobs(filter: JobFilter) {
  const { items, ...query } = useAdminPages({
    name: ['jobs', filter],
    read: (api, cursor) =>
      api.listJobs({ ...queryOf(filter, Date.now()), limit: PAGE_SIZE, ...(cursor && { cursor }) }),
    everyMs: () => REFRESH_MS,
    keyOf: job => job.id,
  })
  return { ...query, jobs: items }
}
