import { PlanPreset, PresetDefinition, PresetPlan } from '@darkroom/contracts'
import { repeatable } from '../../idempotency/idempotent.ts'
import { planChanges } from '../../presets/plan-changes.ts'
import { readWorkerCapacity } from '../../presets/worker-capacity.ts'
import { problems, type Route, withZod } from '../route.ts'
import { NameParams, presetNameOf, presetOf, selectionOf } from './preset-of-request.ts'

/** Computes what applying a version would change and cost. Changes nothing. */
export const planPresetRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/presets/:name/plan',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'planPreset',
        tags: ['Presets'],
        summary: 'Preview the effect of applying a preset',
        description:
          'Calculates changes, time and storage from the stored facts of each asset, without reading files. Exact for up to 10,000 assets; estimated from a sample for more (`sampled`).',
        params: NameParams,
        body: PlanPreset,
        response: { 200: PresetPlan, ...problems },
      },
    },
    async (request, reply) => {
      const { clock, database } = deps
      const { db } = database
      const name = presetNameOf(request.params.name)
      const { version, definition, filter, ratePerMinute = null } = request.body
      const { projectId } = request.principal
      const selection = selectionOf(projectId, name, filter)
      return repeatable(deps, request, reply, async () => {
        const preset = definition ? null : await presetOf(db, projectId, name, version)
        const plan = await planChanges(db, {
          selection,
          definition: definition ?? PresetDefinition.parse(preset?.definition),
          presetId: preset?.id ?? null,
          presetName: selection.from.name,
          capacity: await readWorkerCapacity(db),
          ratePerMinute,
          now: clock.now(),
        })
        return { preset: { name, version: preset?.version ?? null }, ...plan }
      })
    },
  )
}
