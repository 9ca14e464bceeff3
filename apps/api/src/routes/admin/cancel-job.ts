import { JobAnswer } from '@darkroom/contracts'
import { cancelJob } from '@darkroom/db'
import { adminReach } from '../../auth/principal.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'
import { jobAnswer } from './job-answer.ts'

/** Stops a job that waits or runs. */
export const cancelJobRoute: Route = (app, { database }) => {
  withZod(app).post(
    '/v1/admin/jobs/:id/cancel',
    {
      onRequest: app.requireAdmin(),
      schema: {
        tags: ['Admin'],
        summary: 'Cancel a job',
        description:
          'An asset that was processed for the first time has failed then, with `CANCELLED`; its source is kept for seven days. One that is published stays as it is. A deletion cannot be cancelled.',
        params: IdParams,
        response: { 200: JobAnswer, ...problems },
      },
    },
    async request => {
      const wanted = { id: idOf(request), projectId: adminReach(request.principal) }
      const job = await database.db.transaction(tx => cancelJob(tx, wanted))
      return jobAnswer(database.db, job)
    },
  )
}
