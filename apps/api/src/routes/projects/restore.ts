import { Project } from '@darkroom/contracts'
import { restoreProject } from '@darkroom/db/deletion'
import { authCachesExpired } from '@darkroom/db/projects'
import { audited } from '../../audit/audited.ts'
import { repeatable } from '../../idempotency/idempotent.ts'
import { presentWholeProject } from '../../presenters/project.ts'
import { IdParams, problems, type Route, raise, withZod } from '../route.ts'
import { changedProject } from './changed-project.ts'
import { projectOfRequest } from './project-of-request.ts'

/** Takes the deletion of a project back while its delay lasts. */
export const restoreProjectRoute: Route = (app, deps) => {
  const { db } = deps.database
  withZod(app).post(
    '/v1/admin/projects/:id/restore',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { audits: 'project' },
      schema: {
        operationId: 'restoreProject',
        tags: ['Admin'],
        summary: 'Restore a project',
        description:
          'Restores everything, including the keys, and continues waiting jobs. A project that is not being deleted stays as it is.',
        params: IdParams,
        response: { 200: Project, ...problems },
      },
    },
    async (request, reply) => {
      const { id } = await projectOfRequest(db, request)
      const restored = await repeatable(deps, request, reply, () =>
        db.transaction(tx => audited(tx, request, () => restoreProject(tx, id), changedProject)),
      )
      await authCachesExpired()
      return presentWholeProject(db, restored ?? raise('NOT_FOUND'))
    },
  )
}
