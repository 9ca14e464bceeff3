import { AssetPage, AssetQuery } from '@darkroom/contracts'
import { type AssetPlace, findAssets, readAssetRecords, searchAssets, summarizeAssets } from '@darkroom/db/assets'
import { presentAsset } from '../../presenters/asset.ts'
import { presentSummary } from '../../presenters/asset-summary.ts'
import { problems, type Route, withZod } from '../route.ts'
import { decodeCursor, encodeCursor } from './list-cursor.ts'

/** Lists the assets of a project, page by page. */
export const listAssetsRoute: Route = (app, deps) => {
  const { database } = deps
  const present = {
    async basic(projectId: string, ids: string[]) {
      const summaries = await summarizeAssets(database.db, projectId, ids)
      return summaries.map(summary => presentSummary(deps.settings, summary))
    },
    async full(projectId: string, ids: string[]) {
      const records = await readAssetRecords(database.db, await findAssets(database.db, projectId, ids))
      return records.map(record => presentAsset(deps, record))
    },
  }
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
      const { cursor, view, ...search } = request.query
      const { projectId } = request.principal
      const after = decodeCursor(search.sort, cursor)
      const { found, next } = await searchAssets(database.db, projectId, { ...search, after })
      const items: AssetPage['items'] = await present[view](
        projectId,
        found.map(({ id }) => id),
      )
      return { items: inOrder(found, items), nextCursor: next && encodeCursor(search.sort, next) }
    },
  )
}

/** Returns the items that still exist, in the order in which they were found. */
function inOrder<T extends { id: string }>(places: readonly AssetPlace[], items: readonly T[]): T[] {
  const byId = new Map(items.map(item => [item.id, item]))
  return places.flatMap(({ id }) => byId.get(id) ?? [])
}
