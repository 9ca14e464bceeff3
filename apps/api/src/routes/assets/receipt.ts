import { appError, Receipt } from '@darkroom/contracts'
import { findAsset } from '@darkroom/db/assets'
import { findTakedown } from '@darkroom/db/deletion'
import { presentTakedown } from '../../presenters/takedown.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'

/** Returns the receipt of a deleted asset. It stays readable after the asset itself is gone. */
export const receiptRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/assets/:id/receipt',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'getDeletionReceipt',
        tags: ['Assets'],
        summary: 'Get the receipt of a deletion',
        params: IdParams,
        response: { 200: Receipt, ...problems },
      },
    },
    async request => {
      const asset = await findAsset(database.db, request.principal.projectId, idOf(request))
      if (!asset?.deletedAt) throw appError('NOT_FOUND', 'No deleted asset with this id.')
      const takedown = await findTakedown(database.db, asset.id)
      return {
        assetId: asset.id,
        status: asset.status === 'deleted' ? ('deleted' as const) : ('deleting' as const),
        receipt: asset.receipt,
        cdnPurgedAt: asset.cdnPurgedAt?.toISOString() ?? null,
        takedown: takedown && presentTakedown(takedown),
      }
    },
  )
}
