import { DownloadQuery } from '@darkroom/contracts'
import { z } from 'zod'
import { withinLife } from '../../auth/principal.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'
import { signFile } from './signed-file.ts'

/** Sends the client to a signed URL. The original is always a download, never shown: its bytes are the client's. */
export const downloadAssetRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).get(
    '/v1/assets/:id/download',
    {
      onRequest: app.requireScope('read', { clientToken: true }),
      schema: {
        operationId: 'downloadAsset',
        tags: ['Assets'],
        summary: 'Download the original or a variant',
        description:
          'Playlists and storyboards redirect to a view, where the files that they refer to are available too.',
        params: IdParams,
        querystring: DownloadQuery,
        response: { 302: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { variant, ttl } = request.query
      const asset = await assetOf(database.db, request)
      const ttlSec = withinLife(request.principal, ttl, deps.clock.now())
      const url = await signFile(deps, asset, { variant, ttlSec })
      return reply.header('cache-control', 'private, no-store').redirect(url, 302)
    },
  )
}
