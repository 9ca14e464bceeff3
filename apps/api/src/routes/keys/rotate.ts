import { KeyCreated, RotateKey } from '@darkroom/contracts'
import { authCachesExpired, getApiKey, rotateApiKey } from '@darkroom/db/projects'
import { audited } from '../../audit/audited.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { IdParams, idOf, problems, type Route, raise, withZod } from '../route.ts'
import type { AccessScope } from './access-scopes.ts'
import { changedKey, NO_KEY, newKeyWork, sendNewKey } from './new-key.ts'

/** Creates a new key that replaces an old one. The old key works until the overlap ends. */
export const rotateKeyRoute =
  ({ tag, operationIds, path, guard, reach }: AccessScope): Route =>
  (app, deps) => {
    const { db } = deps.database
    withZod(app).post(
      `${path}/:id/rotate`,
      {
        onRequest: guard(app),
        config: { sends: ['Location'], audits: 'key' },
        schema: {
          operationId: operationIds.rotate,
          tags: [tag],
          summary: 'Rotate an API key',
          description:
            'The new key has the same project, name, scopes and expiry as the old one. The old key works until the overlap ends.',
          params: IdParams,
          body: RotateKey.nullish(),
          response: { 201: KeyCreated, ...problems },
        },
      },
      async (request, reply) => {
        const name = { id: idOf(request), projectId: reach(request) }
        const overlapSec = request.body?.overlapSec ?? 0
        const old = (await getApiKey(db, name)) ?? raise('NOT_FOUND', NO_KEY)
        const kind = old.projectId === null ? 'operator' : 'project'
        const rotation = newKeyWork(
          db,
          (tx, secret) => audited(tx, request, () => rotateApiKey(tx, name, { ...secret, overlapSec }), changedKey),
          kind,
        )
        const made = await idempotent(deps, request, reply, rotation)
        if (overlapSec === 0) await authCachesExpired()
        return sendNewKey(reply, { path }, made)
      },
    )
  }
