import { Asset, AssetPatch, appError } from '@darkroom/contracts'
import { patchAsset, readAssetRecord } from '@darkroom/db/assets'
import { cleanFilename } from '@darkroom/ingest'
import { presentAsset } from '../../presenters/asset.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'
import { etagOf, IfMatchHeaders, revisionsOf } from './revision-tag.ts'

/** Changes what is the owner’s to change. */
export const patchAssetRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).patch(
    '/v1/assets/:id',
    {
      onRequest: app.requireScope('write'),
      config: { sends: ['ETag'] },
      schema: {
        operationId: 'updateAsset',
        tags: ['Assets'],
        summary: 'Update an asset',
        description:
          'Changes file name, folder, metadata, tags or external id. Fields that are left out stay as they are. `addTags` and `removeTags` are safe with concurrent changes; for other fields send `If-Match`.',
        params: IdParams,
        headers: IfMatchHeaders,
        body: AssetPatch,
        response: { 200: Asset, ...problems },
      },
    },
    async (request, reply) => {
      const { filename, ...edit } = request.body
      const from = revisionsOf(request)
      const { id, projectId } = await assetOf(database.db, request)
      const wanted = { ...edit, ...(filename !== undefined && { filename: cleanFilename(filename) }) }
      const asset = await database.db.transaction(tx => patchAsset(tx, { projectId, id }, wanted, from))
      if (!asset) throw appError('ASSET_DELETED')
      reply.header('etag', etagOf(asset, request.principal))
      return presentAsset(deps, await readAssetRecord(database.db, asset))
    },
  )
}
