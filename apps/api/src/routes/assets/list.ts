import { AssetPage, AssetQuery } from '@darkroom/contracts'
import { listAssets, viewAssets } from '@darkroom/db'
import { presentAsset } from '../../presenters/asset.ts'
import { problems, type Route, withZod } from '../route.ts'
import { decodeCursor, encodeCursor } from './list-cursor.ts'

/** A project's assets, page by page. */
export const listAssetsRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).get(
    '/v1/assets',
    {
      onRequest: app.requireScope('read'),
      schema: {
        tags: ['Assets'],
        summary: 'List assets',
        querystring: AssetQuery,
        response: { 200: AssetPage, ...problems },
      },
    },
    async request => {
      const { cursor, limit, ...filters } = request.query
      // One more than asked for tells whether there is a next page.
      const rows = await listAssets(database.db, request.principal.projectId, {
        ...filters,
        limit: limit + 1,
        after: decodeCursor(filters.sort, cursor),
      })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const views = await viewAssets(database.db, page)
      return {
        items: views.map(view => presentAsset(deps, view)),
        nextCursor: rows.length > limit && last ? encodeCursor(filters.sort, last) : null,
      }
    },
  )
}
