import type { operations } from '../generated/api.ts'
import type { Answer, Body, Query } from '../types.ts'
import { type ApiClient, init, read } from './call.ts'
import type { CallOptions } from './call-options.ts'
import { eachOf } from './pages.ts'

type QueueName = operations['pauseQueue']['parameters']['path']['name']

/** Makes the calls for keys with the scope `admin`; queues, projects, quarantine and checks for operators only. */
export function adminCalls(client: ApiClient) {
  const listProjects = (query: Query<'listProjects'> = {}, options?: CallOptions): Promise<Answer<'listProjects'>> =>
    read(client.GET('/v1/admin/projects', { params: { query }, ...init(options) }))
  const listKeys = (query: Query<'listEveryKey'> = {}, options?: CallOptions): Promise<Answer<'listEveryKey'>> =>
    read(client.GET('/v1/admin/keys', { params: { query }, ...init(options) }))

  const listAudit = (query: Query<'listAudit'> = {}, options?: CallOptions): Promise<Answer<'listAudit'>> =>
    read(client.GET('/v1/admin/audit', { params: { query }, ...init(options) }))

  return {
    explainAsset: (id: string, options?: CallOptions): Promise<Answer<'explainAsset'>> =>
      read(client.GET('/v1/admin/assets/{id}/explain', { params: { path: { id } }, ...init(options) })),
    /** What is wrong now, since when, whom it affects, and what to do. */
    incidents: (options?: CallOptions): Promise<Answer<'listIncidents'>> =>
      read(client.GET('/v1/admin/incidents', init(options))),
    history: (query: Query<'getHistory'> = {}, options?: CallOptions): Promise<Answer<'getHistory'>> =>
      read(client.GET('/v1/admin/history', { params: { query }, ...init(options) })),
    failures: (query: Query<'listFailures'> = {}, options?: CallOptions): Promise<Answer<'listFailures'>> =>
      read(client.GET('/v1/admin/failures', { params: { query }, ...init(options) })),
    orphans: (options?: CallOptions): Promise<Answer<'getOrphans'>> =>
      read(client.GET('/v1/admin/orphans', init(options))),
    checks: (options?: CallOptions): Promise<Answer<'getChecks'>> =>
      read(client.GET('/v1/admin/checks', init(options))),
    acknowledgeAlarm: (id: string, options?: CallOptions): Promise<Answer<'acknowledgeAlarm'>> =>
      read(client.DELETE('/v1/admin/alarms/{id}', { params: { path: { id } }, ...init(options) })),
    reconcileUsage: (options?: CallOptions): Promise<Answer<'reconcileUsage'>> =>
      read(client.POST('/v1/admin/usage/reconcile', init(options))),
    audit: {
      list: listAudit,
      /** Every entry that fits, page by page. */
      each: eachOf(listAudit),
    },
    jobs: {
      list: (query: Query<'listJobs'> = {}, options?: CallOptions): Promise<Answer<'listJobs'>> =>
        read(client.GET('/v1/admin/jobs', { params: { query }, ...init(options) })),
      get: (id: string, options?: CallOptions): Promise<Answer<'getAdminJob'>> =>
        read(client.GET('/v1/admin/jobs/{id}', { params: { path: { id } }, ...init(options) })),
      requeue: (id: string, options?: CallOptions): Promise<Answer<'requeueJob'>> =>
        read(client.POST('/v1/admin/jobs/{id}/requeue', { params: { path: { id } }, ...init(options) })),
      requeueMany: (body: Body<'requeueJobs'>, options?: CallOptions): Promise<Answer<'requeueJobs'>> =>
        read(client.POST('/v1/admin/jobs/requeue', { body, ...init(options) })),
      cancel: (id: string, options?: CallOptions): Promise<Answer<'cancelJob'>> =>
        read(client.POST('/v1/admin/jobs/{id}/cancel', { params: { path: { id } }, ...init(options) })),
    },
    queues: {
      list: (options?: CallOptions): Promise<Answer<'listQueues'>> =>
        read(client.GET('/v1/admin/queues', init(options))),
      pause: (name: QueueName, body: Body<'pauseQueue'> = {}, options?: CallOptions): Promise<Answer<'pauseQueue'>> =>
        read(client.POST('/v1/admin/queues/{name}/pause', { params: { path: { name } }, body, ...init(options) })),
      resume: (name: QueueName, options?: CallOptions): Promise<Answer<'resumeQueue'>> =>
        read(client.POST('/v1/admin/queues/{name}/resume', { params: { path: { name } }, ...init(options) })),
      rebuild: (options?: CallOptions): Promise<Answer<'rebuildQueue'>> =>
        read(client.POST('/v1/admin/rebuild-queue', init(options))),
    },
    takedowns: {
      list: (query: Query<'listTakedowns'> = {}, options?: CallOptions): Promise<Answer<'listTakedowns'>> =>
        read(client.GET('/v1/admin/takedowns', { params: { query }, ...init(options) })),
      lift: (id: string, query: Query<'liftTakedown'>, options?: CallOptions): Promise<Answer<'liftTakedown'>> =>
        read(client.DELETE('/v1/admin/takedowns/{id}', { params: { path: { id }, query }, ...init(options) })),
    },
    quarantine: {
      list: (query: Query<'listQuarantine'> = {}, options?: CallOptions): Promise<Answer<'listQuarantine'>> =>
        read(client.GET('/v1/admin/quarantine', { params: { query }, ...init(options) })),
      get: (id: string, options?: CallOptions): Promise<Answer<'getQuarantined'>> =>
        read(client.GET('/v1/admin/quarantine/{id}', { params: { path: { id } }, ...init(options) })),
      add: (body: Body<'addToQuarantine'>, options?: CallOptions): Promise<Answer<'addToQuarantine'>> =>
        read(client.POST('/v1/admin/quarantine', { body, ...init(options) })),
      release: (id: string, options?: CallOptions): Promise<Answer<'releaseFromQuarantine'>> =>
        read(client.DELETE('/v1/admin/quarantine/{id}', { params: { path: { id } }, ...init(options) })),
    },
    projects: {
      list: listProjects,
      /** Every project that fits, page by page. */
      each: eachOf(listProjects),
      create: (body: Body<'createProject'>, options?: CallOptions): Promise<Answer<'createProject'>> =>
        read(client.POST('/v1/admin/projects', { body, ...init(options) })),
      get: (id: string, options?: CallOptions): Promise<Answer<'getProject'>> =>
        read(client.GET('/v1/admin/projects/{id}', { params: { path: { id } }, ...init(options) })),
      update: (id: string, body: Body<'updateProject'>, options?: CallOptions): Promise<Answer<'updateProject'>> =>
        read(client.PATCH('/v1/admin/projects/{id}', { params: { path: { id } }, body, ...init(options) })),
      /** `confirm` is the name of the project. */
      delete: (id: string, query: Query<'deleteProject'>, options?: CallOptions): Promise<Answer<'deleteProject'>> =>
        read(client.DELETE('/v1/admin/projects/{id}', { params: { path: { id }, query }, ...init(options) })),
      restore: (id: string, options?: CallOptions): Promise<Answer<'restoreProject'>> =>
        read(client.POST('/v1/admin/projects/{id}/restore', { params: { path: { id } }, ...init(options) })),
      usageDays: (
        id: string,
        query: Query<'listProjectUsageDays'> = {},
        options?: CallOptions,
      ): Promise<Answer<'listProjectUsageDays'>> =>
        read(client.GET('/v1/admin/projects/{id}/usage/days', { params: { path: { id }, query }, ...init(options) })),
      usage: (id: string, options?: CallOptions): Promise<Answer<'getProjectUsage'>> =>
        read(client.GET('/v1/admin/projects/{id}/usage', { params: { path: { id } }, ...init(options) })),
    },
    keys: {
      list: listKeys,
      /** Every key that fits, page by page. */
      each: eachOf(listKeys),
      createOperator: (body: Body<'createOperatorKey'>, options?: CallOptions): Promise<Answer<'createOperatorKey'>> =>
        read(client.POST('/v1/admin/keys', { body, ...init(options) })),
      listOfProject: (projectId: string, options?: CallOptions): Promise<Answer<'listProjectKeys'>> =>
        read(client.GET('/v1/admin/projects/{id}/keys', { params: { path: { id: projectId } }, ...init(options) })),
      createForProject: (
        projectId: string,
        body: Body<'createProjectKey'>,
        options?: CallOptions,
      ): Promise<Answer<'createProjectKey'>> =>
        read(
          client.POST('/v1/admin/projects/{id}/keys', { params: { path: { id: projectId } }, body, ...init(options) }),
        ),
      get: (id: string, options?: CallOptions): Promise<Answer<'getProjectKey'>> =>
        read(client.GET('/v1/admin/keys/{id}', { params: { path: { id } }, ...init(options) })),
      rotate: (
        id: string,
        body: Body<'rotateProjectKey'> = {},
        options?: CallOptions,
      ): Promise<Answer<'rotateProjectKey'>> =>
        read(client.POST('/v1/admin/keys/{id}/rotate', { params: { path: { id } }, body, ...init(options) })),
      revoke: (id: string, options?: CallOptions): Promise<Answer<'revokeProjectKey'>> =>
        read(client.DELETE('/v1/admin/keys/{id}', { params: { path: { id } }, ...init(options) })),
    },
  }
}
