import { appError, Preset, PresetVersions } from '@darkroom/contracts'
import { listPresetVersions } from '@darkroom/db/presets'
import { presentPreset } from '../../presenters/preset.ts'
import { problems, type Route, withZod } from '../route.ts'
import { NameParams, presetOf, VersionParams } from './preset-of-request.ts'

/** Lists the versions of a preset. */
export const getPresetRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/presets/:name',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'getPreset',
        tags: ['Presets'],
        summary: 'List the versions of a preset',
        params: NameParams,
        response: { 200: PresetVersions, ...problems },
      },
    },
    async request => {
      const { name } = request.params
      const { projectId } = request.principal
      await presetOf(database.db, projectId, name)
      const versions = await listPresetVersions(database.db, projectId, name)
      return { name, versions: versions.map(presentPreset) }
    },
  )
}

/** Returns one version of a preset. */
export const getPresetVersionRoute: Route = (app, { database }) => {
  withZod(app).get(
    '/v1/presets/:name/:version',
    {
      onRequest: app.requireScope('read'),
      schema: {
        operationId: 'getPresetVersion',
        tags: ['Presets'],
        summary: 'Get a preset version',
        params: VersionParams,
        response: { 200: Preset, ...problems },
      },
    },
    async request => {
      const { name, version } = request.params
      if (!/^[1-9]\d{0,8}$/.test(version)) throw appError('NOT_FOUND')
      return presentPreset(await presetOf(database.db, request.principal.projectId, name, Number(version)))
    },
  )
}
