import { appError } from '@darkroom/contracts'
import { authCachesExpired, revokeApiKey } from '@darkroom/db/projects'
import { z } from 'zod'
import { audited } from '../../audit/audited.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'
import type { AccessScope } from './access-scopes.ts'
import { changedKey, NO_KEY } from './new-key.ts'

/** Revokes a key. Every process refuses the next request with it. */
export const revokeKeyRoute =
  ({ tag, operationIds, path, guard, reach }: AccessScope): Route =>
  (app, { database }) => {
    withZod(app).delete(
      `${path}/:id`,
      {
        onRequest: guard(app),
        config: { audits: 'key' },
        schema: {
          operationId: operationIds.revoke,
          tags: [tag],
          summary: 'Revoke an API key',
          description:
            'The key stops working immediately and cannot be restored. Client tokens that were created with it expire within an hour.',
          params: IdParams,
          response: { 204: z.null(), ...problems },
        },
      },
      async (request, reply) => {
        const wanted = { id: idOf(request), projectId: reach(request) }
        const revoked = await database.db.transaction(tx =>
          audited(tx, request, () => revokeApiKey(tx, wanted), changedKey),
        )
        if (!revoked) throw appError('NOT_FOUND', NO_KEY)
        await authCachesExpired()
        return reply.code(204).send(null)
      },
    )
  }
