import { appError, Share } from '@darkroom/contracts'
import { getShare } from '@darkroom/db/assets'
import { validate as isUuid } from 'uuid'
import { presentShare } from '../../presenters/share.ts'
import { assetOf } from '../assets/asset-of-request.ts'
import { Id, IdParams, problems, type Route, withZod } from '../route.ts'

/** Returns one link, also one that has ended; never its URL. */
export const getShareRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/assets/:id/shares/:shareId',
    {
      onRequest: app.requireScope('write'),
      schema: {
        operationId: 'getShare',
        tags: ['Shares'],
        summary: 'Get a share link',
        params: IdParams.extend({ shareId: Id }),
        response: { 200: Share, ...problems },
      },
    },
    async request => {
      const { id: assetId, projectId } = await assetOf(database.db, request)
      const { shareId: id } = request.params
      const share = isUuid(id) ? await getShare(database.db, { projectId, assetId, id }) : null
      if (!share) throw appError('NOT_FOUND')
      return presentShare(share)
    },
  )
}
