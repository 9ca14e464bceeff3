import { AdminJobPage, AdminJobQuery } from '@darkroom/contracts'
import { listAdminJobs } from '@darkroom/db/jobs'
import { adminReach } from '../../auth/principal.ts'
import { decodeCursor, toPage } from '../page.ts'
import { problems, type Route, withZod } from '../route.ts'
import { presentAdminJob } from './present-job.ts'

/** Lists the jobs of a project, or of all projects for an operator, page by page. */
export const listJobsRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/jobs',
    {
      onRequest: app.requireAdmin(),
      schema: {
        operationId: 'listJobs',
        tags: ['Admin'],
        summary: 'List jobs',
        description: 'With `code` and without `status`, only permanently failed jobs are listed.',
        querystring: AdminJobQuery,
        response: { 200: AdminJobPage, ...problems },
      },
    },
    async request => {
      const { cursor, limit, projectId, ...filters } = request.query
      const rows = await listAdminJobs(database.db, {
        ...filters,
        projectId: adminReach(request.principal, projectId),
        limit: limit + 1,
        after: decodeCursor(cursor),
      })
      const { items, nextCursor } = toPage(rows, limit, row => row.job.id)
      return { items: items.map(presentAdminJob), nextCursor }
    },
  )
}
