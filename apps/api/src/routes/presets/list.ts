import { appError, PresetName, PresetPage, PresetQuery } from '@darkroom/contracts'
import { listPresets } from '@darkroom/db'
import { presentPreset } from '../../presenters/preset.ts'
import { problems, type Route, withZod } from '../route.ts'

function decodeName(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const name = Buffer.from(cursor, 'base64url').toString()
  if (!PresetName.safeParse(name).success)
    throw appError('INVALID_REQUEST', 'The cursor is not one that this API gave.')
  return name
}

/** The presets that uploads can name, built-in ones included, each in its newest version. */
export const listPresetsRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/presets',
    {
      onRequest: app.requireScope('read'),
      schema: {
        tags: ['Presets'],
        summary: 'List presets',
        description: 'The newest version of each, by name.',
        querystring: PresetQuery,
        response: { 200: PresetPage, ...problems },
      },
    },
    async request => {
      const { cursor, limit } = request.query
      const rows = await listPresets(database.db, request.principal.projectId, {
        after: decodeName(cursor),
        limit: limit + 1,
      })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const nextCursor = rows.length > limit && last ? Buffer.from(last.name).toString('base64url') : null
      return { items: page.map(presentPreset), nextCursor }
    },
  )
}
