import { appError, Explanation } from '@darkroom/contracts'
import { readAssetFacts } from '@darkroom/db/operations'
import { adminReach } from '../../auth/principal.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'
import { presentExplanation } from './explain/present.ts'

/** Explains what happened to an asset, why it is not ready, and what comes next. Also works for deleted assets. */
export const explainAssetRoute: Route = (app, { database, settings }) => {
  withZod(app).get(
    '/v1/admin/assets/:id/explain',
    {
      onRequest: app.requireAdmin(),
      schema: {
        operationId: 'explainAsset',
        tags: ['Admin'],
        summary: 'Explain an asset',
        params: IdParams,
        response: { 200: Explanation, ...problems },
      },
    },
    async request => {
      const reach = { id: idOf(request), projectId: adminReach(request.principal) }
      const wanted = { ...reach, sweepAfterSec: settings.sweepAfterSec }
      const facts = await database.db.transaction(tx => readAssetFacts(tx, wanted), {
        isolationLevel: 'repeatable read',
        accessMode: 'read only',
      })
      if (!facts) throw appError('NOT_FOUND')
      return presentExplanation(facts)
    },
  )
}
