import type { AdminJob } from '@darkroom/contracts'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { type JobFilter, queryOf } from '../filter/job-filter.ts'
import { adminKey } from '../parts/admin-key.ts'
import { REFRESH_MS, refreshAfter } from '../parts/refresh.ts'
import { useAdmin } from '../parts/use-admin.ts'

const PAGE_SIZE = 25

/** The jobs that the filter names, the newest first, page by page. The more pages are open, the rarer they are read anew. */
export function useJobs(filter: JobFilter) {
  const { api, apiKey } = useAdmin()
  const query = useInfiniteQuery({
    queryKey: adminKey(apiKey, 'jobs', filter),
    queryFn: ({ pageParam }) =>
      api.listJobs({ ...queryOf(filter, Date.now()), limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    enabled: apiKey !== null,
    // The old list stays until the new one is there, so that the page does not jump at each choice.
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => refreshAfter(state.error, REFRESH_MS * (state.data?.pages.length ?? 1)),
  })
  return { ...query, jobs: uniqueJobs(query.data?.pages.flatMap(page => page.items) ?? []) }
}

/** Pages that are read one after the other may share a job which moved in between. */
const uniqueJobs = (jobs: AdminJob[]): AdminJob[] => [...new Map(jobs.map(job => [job.id, job])).values()]
