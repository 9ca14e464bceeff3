import { AssetCountQuery, AssetCounts, MOST_COUNTED } from '@darkroom/contracts'
import { countAssets } from '@darkroom/db/assets'
import { problems, type Route, withZod } from '../route.ts'

/** Counts the assets of a filter, for the totals and the numbers beside the filters of a library. */
export const countAssetsRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/assets/counts',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'countAssets',
        tags: ['Assets'],
        summary: 'Count assets by kind and status',
        description: `Takes the filters of the list. Exact for up to ${MOST_COUNTED} assets.`,
        querystring: AssetCountQuery,
        response: { 200: AssetCounts, ...problems },
      },
    },
    request => countAssets(database.db, request.principal.projectId, request.query),
  )
}
