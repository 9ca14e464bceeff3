import { ApiKey, appError } from '@darkroom/contracts'
import { getApiKey } from '@darkroom/db/projects'
import { presentKey } from '../../presenters/project.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'
import type { AccessScope } from './access-scopes.ts'

/** Returns the description of one key, also of a revoked one. The key itself is never returned. */
export const getKeyRoute =
  ({ tag, operationIds, path, guard, reach }: AccessScope): Route =>
  (app, { database }) => {
    withZod(app).get(
      `${path}/:id`,
      {
        onRequest: guard(app),
        schema: {
          operationId: operationIds.get,
          tags: [tag],
          summary: 'Get an API key',
          params: IdParams,
          response: { 200: ApiKey, ...problems },
        },
      },
      async request => {
        const key = await getApiKey(database.db, { id: idOf(request), projectId: reach(request) })
        if (!key) throw appError('NOT_FOUND', 'No API key with this id.')
        return presentKey(key)
      },
    )
  }
