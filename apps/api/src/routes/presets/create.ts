import { CreatePreset, Preset } from '@darkroom/contracts'
import { createPresetVersion, getPreset } from '@darkroom/db/presets'
import { audited } from '../../audit/audited.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { presentPreset } from '../../presenters/preset.ts'
import { problems, type Route, withZod } from '../route.ts'

type Versioned = Awaited<ReturnType<typeof createPresetVersion>>

interface Recorded {
  presetId: string
  isNew: boolean
}

/** Adds a version; new uploads that name the preset without a number have it from now on, others when it is applied. */
export const createPresetRoute: Route = (app, deps) => {
  const { db } = deps.database
  withZod(app).post(
    '/v1/presets',
    {
      onRequest: app.requireScope('write'),
      config: { sends: ['Location'], audits: 'preset' },
      schema: {
        operationId: 'createPreset',
        tags: ['Presets'],
        summary: 'Create a preset version',
        description:
          'A version never changes. If the definition is the same as that of the newest version, that version is returned (200). With the name of a built-in preset, your project uses its own version from then on; other projects are not affected.',
        body: CreatePreset,
        response: { 200: Preset, 201: Preset, ...problems },
      },
    },
    async (request, reply) => {
      const { projectId } = request.principal
      const { preset, isNew } = await idempotent<Versioned, Recorded>(deps, request, reply, {
        perform: commit =>
          commit(tx =>
            audited(
              tx,
              request,
              () => createPresetVersion(tx, { projectId, ...request.body }),
              ({ preset: { name, version }, isNew }) => ({
                target: `${name}@${version}`,
                projectId,
                outcome: { isNew },
              }),
            ),
          ),
        outcomeOf: made => ({ presetId: made.preset.id, isNew: made.isNew }),
        // Not done again: when there is a newer version by now, that would make another one.
        recall: async ({ presetId, isNew }) => ({ preset: await getPreset(db, presetId), isNew }),
      })
      return reply
        .code(isNew ? 201 : 200)
        .header('location', `/v1/presets/${preset.name}/${preset.version}`)
        .send(presentPreset(preset))
    },
  )
}
