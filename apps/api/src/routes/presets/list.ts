import { PresetName, PresetPage, PresetQuery } from '@darkroom/contracts'
import { listPresets } from '@darkroom/db/presets'
import { presentPreset } from '../../presenters/preset.ts'
import { decodeCursor, toPage } from '../page.ts'
import { problems, type Route, withZod } from '../route.ts'

const isName = (text: string) => PresetName.safeParse(text).success

/** Lists the presets that uploads can name, built-in ones included, each in its newest version. */
export const listPresetsRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/presets',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'listPresets',
        tags: ['Presets'],
        summary: 'List presets',
        description: 'The newest version of each preset, sorted by name.',
        querystring: PresetQuery,
        response: { 200: PresetPage, ...problems },
      },
    },
    async request => {
      const { cursor, limit } = request.query
      const rows = await listPresets(database.db, request.principal.projectId, {
        after: decodeCursor(cursor, isName),
        limit: limit + 1,
      })
      const { items, nextCursor } = toPage(rows, limit, row => row.name)
      return { items: items.map(presentPreset), nextCursor }
    },
  )
}
