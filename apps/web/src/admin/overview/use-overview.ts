import { isForbidden } from '../parts/query-problem.tsx'
import { REFRESH_MS } from '../parts/refresh.ts'
import { useAdminQuery } from '../parts/use-admin-query.ts'

/** Queues, workers and alarms. An operator's only: others get a 403. */
export const useOverview = () =>
  useAdminQuery({ name: ['queues'], read: api => api.readQueues(), everyMs: () => REFRESH_MS })

/** Whether the key may touch what belongs to no project. True until it is known: the API has the last word. */
export const useIsOperator = (): boolean => !isForbidden(useOverview().error)
