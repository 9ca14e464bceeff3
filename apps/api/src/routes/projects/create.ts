import { appError, CreateProject, Project } from '@darkroom/contracts'
import { findProject, insertProject, type Project as ProjectRow } from '@darkroom/db/projects'
import { audited } from '../../audit/audited.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { presentProject } from '../../presenters/project.ts'
import { problems, type Route, raise, withZod } from '../route.ts'
import { changedProject } from './changed-project.ts'
import { projectHasPreset } from './project-has-preset.ts'

/** Creates a project, which is a tenant. */
export const createProjectRoute: Route = (app, deps) => {
  const { db } = deps.database
  withZod(app).post(
    '/v1/admin/projects',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { sends: ['Location'], audits: 'project' },
      schema: {
        operationId: 'createProject',
        tags: ['Admin'],
        summary: 'Create a project',
        description: 'Limits that are left out are those of the installation.',
        body: CreateProject,
        response: { 201: Project, ...problems },
      },
    },
    async (request, reply) => {
      // It has no presets of its own yet.
      const { defaultPreset } = request.body
      if (defaultPreset && !(await projectHasPreset(db, null, defaultPreset)))
        throw appError('INVALID_REQUEST', `There is no built-in preset named "${defaultPreset}".`)
      const project = await idempotent<ProjectRow>(deps, request, reply, {
        perform: commit => commit(tx => audited(tx, request, () => insertProject(tx, request.body), changedProject)),
        outcomeOf: made => made.id,
        recall: async id => (await findProject(db, id)) ?? raise('NOT_FOUND'),
      })
      return reply.code(201).header('location', `/v1/admin/projects/${project.id}`).send(presentProject(project))
    },
  )
}
