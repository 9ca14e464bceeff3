import { appError } from '@darkroom/contracts'
import { revokeShare } from '@darkroom/db/assets'
import { validate as isUuid } from 'uuid'
import { z } from 'zod'
import { assetOf } from '../assets/asset-of-request.ts'
import { Id, IdParams, problems, type Route, withZod } from '../route.ts'

/** Ends a link at once. A signed URL that it led to lives for its last seconds. */
export const revokeShareRoute: Route = (app, { database }) => {
  withZod(app).delete(
    '/v1/assets/:id/shares/:shareId',
    {
      onRequest: app.requireScope('write'),
      schema: {
        operationId: 'revokeShare',
        tags: ['Shares'],
        summary: 'Revoke a share link',
        params: IdParams.extend({ shareId: Id }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { id: assetId, projectId } = await assetOf(database.db, request)
      const { shareId: id } = request.params
      if (!isUuid(id) || !(await revokeShare(database.db, { projectId, assetId, id }))) throw appError('NOT_FOUND')
      return reply.code(204).send(null)
    },
  )
}
