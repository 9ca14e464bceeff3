import { ShareList } from '@darkroom/contracts'
import { listShares } from '@darkroom/db/assets'
import { presentShare } from '../../presenters/share.ts'
import { assetOf } from '../assets/asset-of-request.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'

/** Lists the links of an asset, also those that have ended; never their URLs. */
export const listSharesRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/assets/:id/shares',
    {
      onRequest: app.requireScope('write'),
      schema: {
        operationId: 'listShares',
        tags: ['Shares'],
        summary: 'List the share links of an asset',
        description: 'The newest 1,000 links.',
        params: IdParams,
        response: { 200: ShareList, ...problems },
      },
    },
    async request => {
      const { id, projectId } = await assetOf(database.db, request)
      return { items: (await listShares(database.db, projectId, id)).map(presentShare) }
    },
  )
}
