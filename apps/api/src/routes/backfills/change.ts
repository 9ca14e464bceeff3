import { BackfillAnswer } from '@darkroom/contracts'
import { type BackfillAction, changeBackfill } from '@darkroom/db/backfills'
import { repeatable } from '../../idempotency/idempotent.ts'
import { presentBackfill } from '../../presenters/backfill.ts'
import { IdParams, idOf, problems, type Route, raise, withZod } from '../route.ts'

const changeRoute =
  (action: BackfillAction, summary: string, description: string): Route =>
  (app, deps) => {
    withZod(app).post(
      `/v1/backfills/:id/${action}`,
      {
        onRequest: app.requireScope('admin'),
        schema: {
          operationId: `${action}Backfill`,
          tags: ['Presets'],
          summary,
          description,
          params: IdParams,
          response: { 200: BackfillAnswer, ...problems },
        },
      },
      async (request, reply) => {
        const { projectId } = request.principal
        const wanted = { projectId, id: idOf(request), action }
        const row = await repeatable(deps, request, reply, async () => {
          const changed = await deps.database.db.transaction(tx => changeBackfill(tx, wanted))
          return changed ?? raise('NOT_FOUND')
        })
        return { backfill: presentBackfill(row) }
      },
    )
  }

export const BACKFILL_CHANGE_ROUTES: Route[] = [
  changeRoute(
    'pause',
    'Pause a backfill',
    'Makes no more jobs; the few that were made go on. Fine when it is paused already.',
  ),
  changeRoute('resume', 'Resume a backfill', 'Goes on where it was, also after its canary failed.'),
  changeRoute(
    'cancel',
    'Cancel a backfill',
    'For good. What is done stays done; the few jobs that were made go on. To go back, apply the version of before.',
  ),
]
