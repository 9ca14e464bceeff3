import { AssetPage, AssetQuery } from '@darkroom/contracts'
import { listAssets, viewAssets } from '@darkroom/db'
import { presentAsset } from '../../presenters/asset.ts'
import { toPage } from '../admin/page.ts'
import { problems, type Route, withZod } from '../route.ts'
import { cursorText, decodeCursor } from './list-cursor.ts'

/** A project's assets, page by page. */
export const listAssetsRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).get(
    '/v1/assets',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'listAssets',
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
      const { items, nextCursor } = toPage(rows, limit, asset => cursorText(filters.sort, asset))
      const views = await viewAssets(database.db, items)
      return { items: views.map(view => presentAsset(deps, view)), nextCursor }
    },
  )
}
