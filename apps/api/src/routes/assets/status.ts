import { AssetStatusAnswer, AssetStatusRequest } from '@darkroom/contracts'
import { findAssets, readAssetRecords } from '@darkroom/db/assets'
import { repeatable } from '../../idempotency/idempotent.ts'
import { isGone, presentAsset } from '../../presenters/asset.ts'
import { problems, type Route, withZod } from '../route.ts'

/**
 * Returns the status of many assets, for a client that follows a batch. Unknown and deleted ids are listed separately.
 */
export const assetStatusRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).post(
    '/v1/assets/status',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'getAssetStatuses',
        tags: ['Assets'],
        summary: 'Get up to 200 assets',
        body: AssetStatusRequest,
        response: { 200: AssetStatusAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const rows = await repeatable(deps, request, reply, () =>
        findAssets(database.db, request.principal.projectId, request.body.ids),
      )
      const records = await readAssetRecords(
        database.db,
        rows.filter(row => !isGone(row)),
      )
      const found = new Set(records.map(({ asset }) => asset.id))
      return {
        items: records.map(record => presentAsset(deps, record)),
        notFound: [...new Set(request.body.ids)].filter(id => !found.has(id.toLowerCase())),
      }
    },
  )
}
