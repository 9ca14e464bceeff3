import { appError, DeleteProjectQuery, Project } from '@darkroom/contracts'
import { requestProjectDeletion } from '@darkroom/db/deletion'
import { authCachesExpired, DEFAULT_PROJECT } from '@darkroom/db/projects'
import { audited } from '../../audit/audited.ts'
import { presentWholeProject } from '../../presenters/project.ts'
import { IdParams, problems, type Route, raise, withZod } from '../route.ts'
import { changedProject } from './changed-project.ts'
import { projectOfRequest } from './project-of-request.ts'

/** Closes a project, and has workers delete it with all that belongs to it once the delay is over. */
export const deleteProjectRoute: Route = (app, { database, settings }) => {
  withZod(app).delete(
    '/v1/admin/projects/:id',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { audits: 'project' },
      schema: {
        operationId: 'deleteProject',
        tags: ['Admin'],
        summary: 'Delete a project',
        description:
          'Keys, tokens and links of the project stop working immediately; published files stay until the deletion starts. Repeating the request changes nothing, unless it has a delay, which then starts again. The receipt is in `deletion` of the project.',
        params: IdParams,
        querystring: DeleteProjectQuery,
        response: { 202: Project, ...problems },
      },
    },
    async (request, reply) => {
      const { id, name } = await projectOfRequest(database.db, request)
      const { confirm, delayHours } = request.query
      if (confirm !== name)
        throw appError('INVALID_REQUEST', `The name of this project is "${name}". Send this name to confirm.`)
      if (settings.mode === 'local' && name === DEFAULT_PROJECT) throw appError('LOCAL_PROJECT')
      const by = request.principal.keyId
      const wish = { id, by, delayHours, defaultDelayHours: settings.projectDeletionDelayHours }
      const closed = await database.db.transaction(tx =>
        audited(tx, request, () => requestProjectDeletion(tx, wish), changedProject),
      )
      await authCachesExpired()
      return reply.code(202).send(await presentWholeProject(database.db, closed ?? raise('NOT_FOUND')))
    },
  )
}
