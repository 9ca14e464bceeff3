import { ApiKeyList } from '@darkroom/contracts'
import { listApiKeys } from '@darkroom/db'
import { presentKey } from '../../presenters/project.ts'
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
        summary: 'List the keys of a project',
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

export const listKeysRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/keys',
    {
      onRequest: app.requireScope('admin'),
      schema: { operationId: 'listKeys', tags: ['Keys'], summary: 'List the keys of your project', response },
    },
    async request => ({ items: (await listApiKeys(database.db, request.principal.projectId)).map(presentKey) }),
  )
}
