import { JobsRequeued, RequeueJobs } from '@darkroom/contracts'
import { countRequeueable, type RequeueCount, requeueJobs } from '@darkroom/jobs/sql'
import { auditedInSteps } from '../../audit/audited.ts'
import { adminReach } from '../../auth/principal.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { problems, type Route, withZod } from '../route.ts'

/** Requeues every job that matches a filter, with low priority. */
export const requeueJobsRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).post(
    '/v1/admin/jobs/requeue',
    {
      onRequest: app.requireAdmin(),
      config: { audits: 'jobs' },
      schema: {
        operationId: 'requeueJobs',
        tags: ['Admin'],
        summary: 'Requeue many jobs',
        description:
          'Requeues in the lane `backfill`, in transactions of 500 jobs. Jobs whose asset has a newer job are skipped.',
        body: RequeueJobs,
        response: { 200: JobsRequeued, ...problems },
      },
    },
    (request, reply) => {
      const { filter, dryRun } = request.body
      const limited = { ...filter, projectId: adminReach(request.principal, filter.projectId) }
      return idempotent<RequeueCount, RequeueCount>(deps, request, reply, {
        // Its own transactions: a repetition after a crash finds what is left.
        perform: async commit => {
          const subject = { target: filter.code ?? filter.assetId ?? null, projectId: limited.projectId }
          const counts = dryRun
            ? await countRequeueable(database.db, limited)
            : await auditedInSteps(database.db, request, subject, () => requeueJobs(database.db, limited))
          return commit(async () => counts)
        },
        outcomeOf: counts => counts,
        recall: async counts => counts,
      })
    },
  )
}
