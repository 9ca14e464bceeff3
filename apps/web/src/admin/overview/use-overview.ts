import type { QueuesOverview } from '@darkroom/contracts'
import type { Darkroom } from '@darkroom/sdk'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { isForbidden } from '../shared/query-problem.tsx'

const OVERVIEW = { name: ['queues'], read: (darkroom: Darkroom) => darkroom.admin.queues.list() }

/** Queues, workers and alarms. An operator's only: others get a 403. */
export const useOverview = () => useAdminQuery<QueuesOverview>({ ...OVERVIEW, everyMs: () => REFRESH_MS })

/**
 * Tells whether the key is an operator's. The API is asked once; true until it has answered, because it checks every
 * request anyway.
 */
export const useIsOperator = (): boolean =>
  !isForbidden(useAdminQuery<QueuesOverview>({ ...OVERVIEW, everyMs: () => false }).error)
