import type { AdminApi } from '../api/admin-api.ts'
import { isForbidden } from '../parts/query-problem.tsx'
import { REFRESH_MS } from '../parts/refresh.ts'
import { useAdminQuery } from '../parts/use-admin-query.ts'

const OVERVIEW = { name: ['queues'], read: (api: AdminApi) => api.readQueues() }

/** Queues, workers and alarms. An operator's only: others get a 403. */
export const useOverview = () => useAdminQuery({ ...OVERVIEW, everyMs: () => REFRESH_MS })

/** Whether the key may touch what belongs to no project; asked once. True until it is known: the API has the last word. */
export const useIsOperator = (): boolean => !isForbidden(useAdminQuery({ ...OVERVIEW, everyMs: () => false }).error)
