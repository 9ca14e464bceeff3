import { JobAnswer } from '@darkroom/contracts'
import { requeueJob } from '@darkroom/jobs/sql'
import { adminReach } from '../../auth/principal.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'
import { jobAnswer, jobWork } from './job-answer.ts'

/** Requeues a job, with high priority. */
export const requeueJobRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/admin/jobs/:id/requeue',
    {
      onRequest: app.requireAdmin(),
      config: { audits: 'job' },
      schema: {
        operationId: 'requeueJob',
        tags: ['Admin'],
        summary: 'Requeue a job',
        description:
          'For a job that failed, was cancelled, lost its worker, or waits for a retry. It is dispatched immediately. The job keeps its id and the history of its attempts, and gets new attempts.',
        params: IdParams,
        response: { 202: JobAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const wanted = { id: idOf(request), projectId: adminReach(request.principal) }
      const job = await idempotent(deps, request, reply, jobWork(request, wanted, requeueJob))
      return reply.code(202).send(await jobAnswer(deps.database.db, job))
    },
  )
}
