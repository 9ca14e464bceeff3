import type {
  AdminJob,
  AdminJobPage,
  AdminJobQuery,
  Explanation,
  InstallationChecks,
  JobsRequeued,
  Quarantined,
  QueueName,
  QueueRebuilt,
  QueuesOverview,
  RequeueJobs,
} from '@darkroom/contracts'
import { createKeyApi } from './key-api.ts'
import { createPresetApi } from './preset-api.ts'
import { createProjectApi } from './project-api.ts'
import { type Page, queryString } from './query-string.ts'
import type { Send, SendOnce } from './send.ts'
import { createWebhookApi } from './webhook-api.ts'

/** Members that are not given are left out of the query string. */
export type JobQuery = Partial<AdminJobQuery>

/** What the admin pages use of the HTTP contract. Every method throws `ApiError`. */
export type AdminApi = ReturnType<typeof createAdminApi>

export const createAdminApi = (send: Send, sendOnce: SendOnce) => ({
  ...createJobApi(send),
  ...createWebhookApi(send, sendOnce),
  ...createKeyApi(send, sendOnce),
  ...createProjectApi(send, sendOnce),
  ...createPresetApi(send, sendOnce),
})

function createJobApi(send: Send) {
  return {
    listJobs: (query: JobQuery) => send<AdminJobPage>('GET', `/v1/admin/jobs?${queryString(query)}`),
    readJob: async (id: string) => (await send<{ job: AdminJob }>('GET', `/v1/admin/jobs/${id}`)).job,
    requeueJob: (id: string) => send<{ job: AdminJob }>('POST', `/v1/admin/jobs/${id}/requeue`, {}),
    cancelJob: (id: string) => send<{ job: AdminJob }>('POST', `/v1/admin/jobs/${id}/cancel`, {}),
    requeueJobs: (body: RequeueJobs) => send<JobsRequeued>('POST', '/v1/admin/jobs/requeue', body),
    explainAsset: (id: string) => send<Explanation>('GET', `/v1/admin/assets/${id}/explain`),

    readQueues: () => send<QueuesOverview>('GET', '/v1/admin/queues'),
    readChecks: () => send<InstallationChecks>('GET', '/v1/admin/checks'),
    pauseQueue: (name: QueueName | 'all', reason: string) =>
      send<unknown>('POST', `/v1/admin/queues/${name}/pause`, reason ? { reason } : {}),
    resumeQueue: (name: QueueName | 'all') => send<unknown>('POST', `/v1/admin/queues/${name}/resume`, {}),
    rebuildQueue: () => send<QueueRebuilt>('POST', '/v1/admin/rebuild-queue', {}),
    acknowledgeAlarm: (id: string) => send<unknown>('DELETE', `/v1/admin/alarms/${id}`),

    listQuarantine: (cursor: string | null) =>
      send<Page<Quarantined>>('GET', `/v1/admin/quarantine?${queryString({ limit: 50, cursor })}`),
    release: (id: string) => send<unknown>('DELETE', `/v1/admin/quarantine/${id}`),
  }
}
