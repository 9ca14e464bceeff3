import { Project } from '@darkroom/contracts'
import { findMove, findProject } from '@darkroom/db'
import { presentProjectWithMove } from '../../presenters/project.ts'
import { IdParams, idOf, problems, type Route, raise, withZod } from '../route.ts'

export const getProjectRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/projects/:id',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'getProject',
        tags: ['Admin'],
        summary: 'Read a project',
        params: IdParams,
        response: { 200: Project, ...problems },
      },
    },
    async request => {
      const id = idOf(request)
      const project = (await findProject(database.db, id)) ?? raise('NOT_FOUND')
      return presentProjectWithMove(project, await findMove(database.db, id))
    },
  )
}
