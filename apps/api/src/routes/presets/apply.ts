import { ApplyPreset, BackfillAnswer } from '@darkroom/contracts'
import { createBackfill } from '@darkroom/db'
import { presentBackfill } from '../../presenters/backfill.ts'
import { problems, type Route, withZod } from '../route.ts'
import { NameParams, presetOf, selectionOf } from './preset-of-request.ts'

/** Begins to move the assets that there are to a version of a preset. */
export const applyPresetRoute: Route = (app, { database }) => {
  withZod(app).post(
    '/v1/presets/:name/apply',
    {
      onRequest: app.requireScope('admin'),
      schema: {
        tags: ['Presets'],
        summary: 'Apply a version of a preset to assets',
        description:
          'Makes a backfill, behind what clients wait for. What is published stays until its successor stands. One backfill of a project at a time: 409 `BACKFILL_ACTIVE`.',
        params: NameParams,
        body: ApplyPreset,
        response: { 202: BackfillAnswer, ...problems },
      },
    },
    async (request, reply) => {
      const { name } = request.params
      const { version, filter, canary, ratePerMinute = null } = request.body
      const { projectId } = request.principal
      const { id: presetId } = await presetOf(database.db, projectId, name, version)
      const selection = selectionOf(projectId, name, filter)
      const row = await createBackfill(database.db, { selection, presetId, canary, ratePerMinute })
      return reply
        .code(202)
        .header('location', `/v1/backfills/${row.id}`)
        .send({ backfill: presentBackfill({ ...row, preset: { name, version } }) })
    },
  )
}
