import { appError, TakedownAnswer, TakedownRequest } from '@darkroom/contracts'
import { findAssetWithin } from '@darkroom/db/assets'
import { findCopies, takeDown } from '@darkroom/db/deletion'
import { audited } from '../../audit/audited.ts'
import { adminReach } from '../../auth/principal.ts'
import { repeatable } from '../../idempotency/idempotent.ts'
import { presentTakedown } from '../../presenters/takedown.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'

const MAX_COPIES = 100

/** Takes an asset down: it is gone for everybody from this answer on, and the same bytes are refused. */
export const takedownRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).post(
    '/v1/assets/:id/takedown',
    {
      onRequest: app.requireAdmin(),
      config: { sends: ['Location'], audits: 'asset' },
      schema: {
        operationId: 'takeDownAsset',
        tags: ['Assets'],
        summary: 'Take an asset down',
        description:
          'Deletes the asset immediately and refuses the same file from now on. An asset that is already deleted can be taken down too. Repeating the request returns the same response.',
        params: IdParams,
        body: TakedownRequest,
        response: { 202: TakedownAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const { reason, everywhere: isEverywhere } = request.body
      if (isEverywhere && !request.principal.isOperator)
        throw appError('FORBIDDEN', 'Only an operator can take a file down in all projects.')
      const within = adminReach(request.principal)
      const asset = await findAssetWithin(database.db, within, idOf(request))
      if (!asset) throw appError('NOT_FOUND')
      const takedown = await repeatable(deps, request, reply, () =>
        database.db.transaction(tx =>
          audited(
            tx,
            request,
            () => takeDown(tx, { asset, isEverywhere, reason }),
            ({ projectId }) => ({ target: asset.id, projectId }),
          ),
        ),
      )
      const copies = await findCopies(database.db, takedown, { within, limit: MAX_COPIES })
      return reply
        .code(202)
        .header('location', `/v1/assets/${asset.id}/receipt`)
        .send({ takedown: presentTakedown(takedown), copies })
    },
  )
}
