import { Project } from '@darkroom/contracts'
import { findProject } from '@darkroom/db'
import { presentProject } from '../../presenters/project.ts'
import { IdParams, idOf, problems, type Route, raise, withZod } from '../route.ts'

export const getProjectRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/projects/:id',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        tags: ['Admin'],
        summary: 'Read a project',
        params: IdParams,
        response: { 200: Project, ...problems },
      },
    },
    async request => presentProject((await findProject(database.db, idOf(request))) ?? raise('NOT_FOUND')),
  )
}
