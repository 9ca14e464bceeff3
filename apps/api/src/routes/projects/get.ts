import { Project } from '@darkroom/contracts'
import { findProject } from '@darkroom/db/projects'
import { presentWholeProject } from '../../presenters/project.ts'
import { IdParams, idOf, problems, type Route, raise, withZod } from '../route.ts'

export const getProjectRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/projects/:id',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'getProject',
        tags: ['Admin'],
        summary: 'Get a project',
        description: 'Also returns deleted projects, with the receipt in `deletion`.',
        params: IdParams,
        response: { 200: Project, ...problems },
      },
    },
    async request =>
      presentWholeProject(database.db, (await findProject(database.db, idOf(request))) ?? raise('NOT_FOUND')),
  )
}
