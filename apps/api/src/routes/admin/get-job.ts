import { JobAnswer } from '@darkroom/contracts'
import { adminReach } from '../../auth/principal.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'
import { jobAnswer } from './job-answer.ts'

/** Returns one job as an admin sees it. */
export const getAdminJobRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/jobs/:id',
    {
      onRequest: app.requireAdmin(),
      schema: {
        operationId: 'getAdminJob',
        tags: ['Admin'],
        summary: 'Get a job',
        params: IdParams,
        response: { 200: JobAnswer, ...problems },
      },
    },
    async request => jobAnswer(database.db, { id: idOf(request), projectId: adminReach(request.principal) }),
  )
}
