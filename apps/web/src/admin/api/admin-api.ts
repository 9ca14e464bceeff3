import type {
  AdminJob,
  AdminJobPage,
  AdminJobQuery,
  Explanation,
  JobsRequeued,
  Quarantined,
  QueueName,
  QueueRebuilt,
  QueuesOverview,
  RequeueJobs,
} from '@darkroom/contracts'
import type { Send } from './send.ts'

interface QuarantineList {
  items: Quarantined[]
  nextCursor: string | null
}

/** Members that are not given are left out of the query string. */
export type JobQuery = Partial<AdminJobQuery>

/** The admin part of the HTTP contract. Every method throws `ApiError`. */
export type AdminApi = ReturnType<typeof createAdminApi>

export function createAdminApi(send: Send) {
  return {
    listJobs: (query: JobQuery) => send<AdminJobPage>('GET', `/v1/admin/jobs?${queryString(query)}`),
    readJob: async (id: string) => (await send<{ job: AdminJob }>('GET', `/v1/admin/jobs/${id}`)).job,
    requeueJob: (id: string) => send<{ job: AdminJob }>('POST', `/v1/admin/jobs/${id}/requeue`, {}),
    cancelJob: (id: string) => send<{ job: AdminJob }>('POST', `/v1/admin/jobs/${id}/cancel`, {}),
    requeueJobs: (body: RequeueJobs) => send<JobsRequeued>('POST', '/v1/admin/jobs/requeue', body),
    explainAsset: (id: string) => send<Explanation>('GET', `/v1/admin/assets/${id}/explain`),

    readQueues: () => send<QueuesOverview>('GET', '/v1/admin/queues'),
    pauseQueue: (name: QueueName | 'all', reason: string) =>
      send<unknown>('POST', `/v1/admin/queues/${name}/pause`, reason ? { reason } : {}),
    resumeQueue: (name: QueueName | 'all') => send<unknown>('POST', `/v1/admin/queues/${name}/resume`, {}),
    rebuildQueue: () => send<QueueRebuilt>('POST', '/v1/admin/rebuild-queue', {}),
    acknowledgeAlarm: (id: string) => send<unknown>('DELETE', `/v1/admin/alarms/${id}`),

    listQuarantine: (cursor: string | null) =>
      send<QuarantineList>('GET', `/v1/admin/quarantine?${queryString({ limit: 50, cursor })}`),
    release: (id: string) => send<unknown>('DELETE', `/v1/admin/quarantine/${id}`),
  }
}

function queryString(query: Record<string, string | number | null | undefined>): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
}
