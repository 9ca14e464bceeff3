import { LiftQuery, Takedown, TakedownPage, TakedownQuery } from '@darkroom/contracts'
import { liftTakedown, listTakedowns } from '@darkroom/db/deletion'
import { audited } from '../../audit/audited.ts'
import { adminReach } from '../../auth/principal.ts'
import { presentTakedown } from '../../presenters/takedown.ts'
import { decodeCursor, toPage } from '../page.ts'
import { IdParams, idOf, problems, type Route, raise, withZod } from '../route.ts'

/** Lists the takedowns of a project, or of all projects for an operator. */
export const listTakedownsRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/admin/takedowns',
    {
      onRequest: app.requireAdmin(),
      schema: {
        operationId: 'listTakedowns',
        tags: ['Admin'],
        summary: 'List takedowns',
        querystring: TakedownQuery,
        response: { 200: TakedownPage, ...problems },
      },
    },
    async request => {
      const { cursor, limit, projectId, sha256 } = request.query
      const rows = await listTakedowns(database.db, {
        projectId: adminReach(request.principal, projectId),
        sha256,
        after: decodeCursor(cursor),
        limit: limit + 1,
      })
      const { items, nextCursor } = toPage(rows, limit, row => row.id)
      return { items: items.map(presentTakedown), nextCursor }
    },
  )
}

/** Lets the bytes of a takedown in again, and keeps who did it and why. */
export const liftTakedownRoute: Route = (app, { database }) => {
  withZod(app).delete(
    '/v1/admin/takedowns/:id',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { audits: 'takedown' },
      schema: {
        operationId: 'liftTakedown',
        tags: ['Admin'],
        summary: 'Lift a takedown',
        description:
          'The same file can be uploaded again, unless another takedown refuses it too. The deleted asset does not come back. Repeating the request returns the same response.',
        params: IdParams,
        querystring: LiftQuery,
        response: { 200: Takedown, ...problems },
      },
    },
    async request => {
      const lift = { id: idOf(request), by: request.principal.keyId, reason: request.query.reason }
      const lifted = await database.db.transaction(tx =>
        audited(
          tx,
          request,
          () => liftTakedown(tx, lift),
          ({ id, projectId }) => ({ target: id, projectId }),
        ),
      )
      return presentTakedown(lifted ?? raise('NOT_FOUND', 'This takedown does not exist.'))
    },
  )
}
