import { ApiKeyList, ApiKeyPage, ApiKeyQuery } from '@darkroom/contracts'
import { listApiKeys, listEveryApiKey } from '@darkroom/db/projects'
import { presentKey } from '../../presenters/project.ts'
import { decodeCursor, toPage } from '../page.ts'
import { projectOfRequest } from '../projects/project-of-request.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'

const response = { 200: ApiKeyList, ...problems }

export const listKeysOfProjectRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/projects/:id/keys',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'listProjectKeys',
        tags: ['Admin'],
        summary: 'List the API keys of a project',
        params: IdParams,
        response,
      },
    },
    async request => {
      const { id } = await projectOfRequest(database.db, request)
      return { items: (await listApiKeys(database.db, id)).map(presentKey) }
    },
  )
}

/** Lists the keys of every project and of operators. */
export const listEveryKeyRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/keys',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'listEveryKey',
        tags: ['Admin'],
        summary: 'List all API keys',
        querystring: ApiKeyQuery,
        response: { 200: ApiKeyPage, ...problems },
      },
    },
    async request => {
      const { limit, cursor, shortId } = request.query
      const rows = await listEveryApiKey(database.db, { shortId, after: decodeCursor(cursor), limit: limit + 1 })
      const { items, nextCursor } = toPage(rows, limit, row => row.id)
      return { items: items.map(presentKey), nextCursor }
    },
  )
}

export const listKeysRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/keys',
    {
      onRequest: app.requireScope('admin'),
      schema: { operationId: 'listKeys', tags: ['Keys'], summary: 'List the API keys of your project', response },
    },
    async request => ({ items: (await listApiKeys(database.db, request.principal.projectId)).map(presentKey) }),
  )
}
