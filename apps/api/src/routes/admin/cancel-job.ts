import { JobAnswer } from '@darkroom/contracts'
import { cancelJob } from '@darkroom/jobs/sql'
import { adminReach } from '../../auth/principal.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'
import { jobAnswer, jobWork } from './job-answer.ts'

/** Stops a job that waits or runs. */
export const cancelJobRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/admin/jobs/:id/cancel',
    {
      onRequest: app.requireAdmin(),
      config: { audits: 'job' },
      schema: {
        operationId: 'cancelJob',
        tags: ['Admin'],
        summary: 'Cancel a job',
        description:
          'An asset that is processed for the first time fails with `CANCELLED`. Its source is kept for a requeue for `FAILED_SOURCE_DAYS`, like that of any failed asset. An asset that is already published stays as it is. A deletion cannot be cancelled.',
        params: IdParams,
        response: { 200: JobAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const wanted = { id: idOf(request), projectId: adminReach(request.principal) }
      const keepSourceDays = deps.settings.failedSourceDays
      const job = await idempotent(
        deps,
        request,
        reply,
        jobWork(request, wanted, (tx, job) => cancelJob(tx, { ...job, keepSourceDays })),
      )
      return jobAnswer(deps.database.db, job)
    },
  )
}
