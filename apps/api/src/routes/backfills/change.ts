import { BackfillAnswer } from '@darkroom/contracts'
import { type BackfillAction, changeBackfill } from '@darkroom/db/backfills'
import { audited } from '../../audit/audited.ts'
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
        config: { audits: 'backfill' },
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
          const changed = await deps.database.db.transaction(tx =>
            audited(
              tx,
              request,
              () => changeBackfill(tx, wanted),
              ({ id }) => ({ target: id, projectId }),
            ),
          )
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
    'No more jobs are created; the few existing ones continue. Pausing a paused backfill is not an error.',
  ),
  changeRoute('resume', 'Resume a backfill', 'Continues where it stopped, also after a failed canary.'),
  changeRoute(
    'cancel',
    'Cancel a backfill',
    'A cancelled backfill cannot be resumed. Finished assets keep the new version, and the few existing jobs continue. To revert, apply the previous version.',
  ),
]
