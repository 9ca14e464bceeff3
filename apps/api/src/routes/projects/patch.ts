import { appError, Project, ProjectPatch } from '@darkroom/contracts'
import { authCachesExpired, changeProject } from '@darkroom/db/projects'
import { audited } from '../../audit/audited.ts'
import { presentWholeProject } from '../../presenters/project.ts'
import { IdParams, problems, type Route, raise, withZod } from '../route.ts'
import { changedProject } from './changed-project.ts'
import { projectHasPreset } from './project-has-preset.ts'
import { openProjectOfRequest } from './project-of-request.ts'

/** Changes limits and delivery; from the next request on, in every process. */
export const patchProjectRoute: Route = (app, { database }) => {
  withZod(app).patch(
    '/v1/admin/projects/:id',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { audits: 'project' },
      schema: {
        operationId: 'updateProject',
        tags: ['Admin'],
        summary: 'Update a project',
        description:
          'Changes take effect with the next request. A quota below the current usage refuses new uploads and deletes nothing.',
        params: IdParams,
        body: ProjectPatch,
        response: { 200: Project, ...problems },
      },
    },
    async request => {
      const { id } = await openProjectOfRequest(database.db, request)
      const { defaultPreset } = request.body
      if (defaultPreset && !(await projectHasPreset(database.db, id, defaultPreset)))
        throw appError('INVALID_REQUEST', `The project has no preset named "${defaultPreset}".`)
      const changed = await database.db.transaction(tx =>
        audited(tx, request, () => changeProject(tx, id, request.body), changedProject),
      )
      await authCachesExpired()
      return presentWholeProject(database.db, changed ?? raise('NOT_FOUND'))
    },
  )
}
