import { Asset } from '@darkroom/contracts'
import { readAssetRecord } from '@darkroom/db/assets'
import { startDeletion } from '@darkroom/db/deletion'
import { presentAsset } from '../../presenters/asset.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'
import { IfMatchHeaders, revisionsOf } from './revision-tag.ts'

/** Deletes an asset for good: nothing is published for it from this answer on, a job removes every version of every object. */
export const deleteAssetRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).delete(
    '/v1/assets/:id',
    {
      onRequest: app.requireScope('write'),
      schema: {
        operationId: 'deleteAsset',
        tags: ['Assets'],
        summary: 'Delete an asset',
        params: IdParams,
        headers: IfMatchHeaders,
        response: { 202: Asset, ...problems },
      },
    },
    async (request, reply) => {
      const from = revisionsOf(request)
      const { id } = await assetOf(database.db, request)
      const started = await database.db.transaction(tx => startDeletion(tx, id, { from }))
      // Asked for twice is fine: it is being deleted.
      const asset = started?.asset ?? (await assetOf(database.db, request))
      return reply.code(202).send(presentAsset(deps, await readAssetRecord(database.db, asset)))
    },
  )
}
