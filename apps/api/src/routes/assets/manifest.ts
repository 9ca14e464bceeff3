import { appError, Manifest, ManifestQuery } from '@darkroom/contracts'
import { readAssetRecord } from '@darkroom/db/assets'
import { getPreset } from '@darkroom/db/presets'
import { presentManifest } from '../../manifest/manifest.ts'
import { withKey } from '../../manifest/places.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'

/** Returns what a page needs to show an asset: sources, sizes, placeholder, and HTML made of them. */
export const assetManifestRoute: Route = (app, { database, settings }) => {
  withZod(app).get(
    '/v1/assets/:id/manifest',
    {
      onRequest: app.requireScope('read', { clientToken: true }),
      schema: {
        operationId: 'getAssetManifest',
        tags: ['Assets'],
        summary: 'Get the manifest of an asset',
        description:
          'URLs, srcsets and HTML to show an asset in a web page. It has only variants that are ready, so request it again while the asset is being processed. For private media see `/view`.',
        params: IdParams,
        querystring: ManifestQuery,
        response: { 200: Manifest, ...problems },
      },
    },
    async (request, reply) => {
      const asset = await assetOf(database.db, request)
      if (asset.deletedAt) throw appError('ASSET_DELETED')
      const record = await readAssetRecord(database.db, asset)
      const { definition } = await getPreset(database.db, asset.presetId)
      reply.header('cache-control', 'private, no-cache')
      return presentManifest(withKey(settings), record, definition, request.query)
    },
  )
}
