import { Asset, SETTLED_ASSET_STATUSES, WaitQuery } from '@darkroom/contracts'
import { viewAsset } from '@darkroom/db'
import { z } from 'zod'
import { presentAsset } from '../../presenters/asset.ts'
import { readWithWait, setWatchHeaders } from '../long-poll.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'

/** One asset, with its revision as ETag; `?wait` holds the answer until it changes. */
export const getAssetRoute: Route = (app, { database, feed, settings }) => {
  withZod(app).get(
    '/v1/assets/:id',
    {
      onRequest: app.requireScope('read', { clientToken: true }),
      schema: {
        tags: ['Assets'],
        summary: 'Read an asset',
        params: IdParams,
        querystring: WaitQuery,
        response: { 200: Asset, 304: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const watched = await readWithWait(request, feed, request.query.wait ?? 0, async () => {
        const asset = await assetOf(database.db, request)
        const isSettled = SETTLED_ASSET_STATUSES.includes(asset.status)
        return { value: asset, etag: `W/"${asset.revision}"`, isSettled, assetId: asset.id }
      })
      if (setWatchHeaders(request, reply, watched)) return reply.code(304).send(null)
      return presentAsset(settings, await viewAsset(database.db, watched.value))
    },
  )
}
