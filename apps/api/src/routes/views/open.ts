import { appError, View, ViewQuery } from '@darkroom/contracts'
import { readAssetRecord } from '@darkroom/db/assets'
import { getPreset } from '@darkroom/db/presets'
import { withinLife } from '../../auth/principal.ts'
import { presentManifest } from '../../manifest/manifest.ts'
import { inView } from '../../manifest/places.ts'
import { openView } from '../../views/view.ts'
import { assetOf } from '../assets/asset-of-request.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'

/** Lets a browser see an asset that is not public: URLs of its variants that need no key, for a while. */
export const openViewRoute: Route = (app, deps) => {
  const { database, settings } = deps
  withZod(app).get(
    '/v1/assets/:id/view',
    {
      onRequest: app.requireScope('read', { clientToken: true }),
      schema: {
        operationId: 'getAssetView',
        tags: ['Assets'],
        summary: 'Get a view of a private asset',
        description:
          'Returns the manifest with URLs that expire and need no API key, for images, videos with playlists, and storyboards. Public files keep their CDN URL.',
        params: IdParams,
        querystring: ViewQuery,
        response: { 200: View, ...problems },
      },
    },
    async (request, reply) => {
      const { ttl, ...query } = request.query
      const asset = await assetOf(database.db, request)
      if (asset.deletedAt) throw appError('ASSET_DELETED')
      const record = await readAssetRecord(database.db, asset)
      const { definition } = await getPreset(database.db, asset.presetId)
      const opened = openView(deps, asset, withinLife(request.principal, ttl, deps.clock.now()))
      const places = inView(settings, opened)
      const urls = record.variants.flatMap(variant => {
        const url = places.urlOf(record, variant)
        return url === null ? [] : [[variant.name, url] as const]
      })
      reply.header('cache-control', 'private, no-store')
      return {
        expiresAt: opened.expiresAt.toISOString(),
        urls: Object.fromEntries(urls),
        manifest: presentManifest(places, record, definition, query),
      }
    },
  )
}
