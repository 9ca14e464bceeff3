import { ApplyPreset, BackfillAnswer } from '@darkroom/contracts'
import { type BackfillRecord, createBackfill, findBackfill } from '@darkroom/db/backfills'
import { audited } from '../../audit/audited.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { presentBackfill } from '../../presenters/backfill.ts'
import { problems, type Route, raise, withZod } from '../route.ts'
import { NameParams, presetOf, selectionOf } from './preset-of-request.ts'

/** Begins to move the assets that there are to a version of a preset. */
export const applyPresetRoute: Route = (app, deps) => {
  const { db } = deps.database
  withZod(app).post(
    '/v1/presets/:name/apply',
    {
      onRequest: app.requireScope('admin'),
      config: { sends: ['Location'], audits: 'backfill' },
      schema: {
        operationId: 'applyPreset',
        tags: ['Presets'],
        summary: 'Apply a preset version to existing assets',
        description:
          'Starts a backfill, with lower priority than uploads. Published variants stay until their replacement is ready. A project can have one backfill at a time, else 409 `BACKFILL_ACTIVE`.',
        params: NameParams,
        body: ApplyPreset,
        response: { 202: BackfillAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const { version, filter = {}, canary, ratePerMinute = null } = request.body
      const { projectId } = request.principal
      const { id: presetId } = await presetOf(db, projectId, name, version)
      const selection = selectionOf(projectId, name, filter)
      const backfill = await idempotent<BackfillRecord>(deps, request, reply, {
        perform: commit =>
          commit(async tx => {
            const wish = { selection, presetId, canary, ratePerMinute }
            const changed = ({ id }: { id: string }) => ({
              target: id,
              projectId,
              outcome: { preset: `${name}@${version}` },
            })
            const row = await audited(tx, request, () => createBackfill(tx, wish), changed)
            return { ...row, preset: { name, version } }
          }),
        outcomeOf: made => made.id,
        recall: async id => (await findBackfill(db, projectId, id)) ?? raise('NOT_FOUND'),
      })
      return reply
        .code(202)
        .header('location', `/v1/backfills/${backfill.id}`)
        .send({ backfill: presentBackfill(backfill) })
    },
  )
}
