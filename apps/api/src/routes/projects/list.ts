import { ProjectPage, ProjectQuery } from '@darkroom/contracts'
import { listProjects } from '@darkroom/db/projects'
import { presentProject } from '../../presenters/project.ts'
import { decodeCursor, toPage } from '../page.ts'
import { problems, type Route, withZod } from '../route.ts'

/** Lists the projects, page by page. */
export const listProjectsRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/projects',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'listProjects',
        tags: ['Admin'],
        summary: 'List projects',
        querystring: ProjectQuery,
        response: { 200: ProjectPage, ...problems },
      },
    },
    async request => {
      const { limit, cursor, status, name } = request.query
      const rows = await listProjects(database.db, { after: decodeCursor(cursor), limit: limit + 1, status, name })
      const { items, nextCursor } = toPage(rows, limit, row => row.id)
      return { items: items.map(presentProject), nextCursor }
    },
  )
}
