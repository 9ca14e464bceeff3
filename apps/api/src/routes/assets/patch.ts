import { Asset, AssetPatch, appError } from '@darkroom/contracts'
import { patchAsset, viewAsset } from '@darkroom/db'
import { presentAsset } from '../../presenters/asset.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { cleanFilename } from '../uploads/filename.ts'
import { assetOf } from './asset-of-request.ts'

/** Changes name, folder, metadata or tags. */
export const patchAssetRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).patch(
    '/v1/assets/:id',
    {
      onRequest: app.requireScope('write'),
      schema: {
        operationId: 'updateAsset',
        tags: ['Assets'],
        summary: 'Change name, folder, metadata or tags',
        params: IdParams,
        body: AssetPatch,
        response: { 200: Asset, ...problems },
      },
    },
    async request => {
      const { filename, folder, metadata, tags } = request.body
      const { id, projectId } = await assetOf(database.db, request)
      const patch = {
        ...(filename !== undefined && { filename: cleanFilename(filename) }),
        ...(folder !== undefined && { folder }),
        ...(metadata && { metadata }),
        ...(tags && { tags }),
      }
      const asset = await database.db.transaction(tx => patchAsset(tx, projectId, id, patch))
      if (!asset) throw appError('ASSET_DELETED')
      return presentAsset(deps, await viewAsset(database.db, asset))
    },
  )
}
