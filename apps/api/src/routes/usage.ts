import { Usage } from '@darkroom/contracts'
import { countActiveJobs, type Database, type Project, readUsage } from '@darkroom/db'
import { projectOf } from '../auth/principal.ts'
import { projectOfRequest } from './projects/project-of-request.ts'
import { IdParams, problems, type Route, withZod } from './route.ts'

const response = { 200: Usage, ...problems }

/** What a project has and what it may have. */
export const usageRoute: Route = (app, { database: { db } }) => {
  withZod(app).get(
    '/v1/usage',
    {
      onRequest: app.requireScope('read'),
      schema: { operationId: 'getUsage', tags: ['Usage'], summary: 'Read what is stored and what may be', response },
    },
    async request => usageOf(db, projectOf(request.principal)),
  )
}

/** The same of any project. */
export const usageOfProjectRoute: Route = (app, { database: { db } }) => {
  withZod(app).get(
    '/v1/admin/projects/:id/usage',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'getProjectUsage',
        tags: ['Admin'],
        summary: 'Read what a project has stored and what it may',
        params: IdParams,
        response,
      },
    },
    async request => usageOf(db, await projectOfRequest(db, request)),
  )
}

async function usageOf(db: Database, project: Project): Promise<Usage> {
  const { id, quotaBytes, maxOpenUploads, requestsPerMinute } = project
  const [usage, jobs] = await Promise.all([readUsage(db, id), countActiveJobs(db, id)])
  const { bytes, objects, openBytes, openUploads } = usage
  return {
    projectId: id,
    bytes,
    objects,
    openUploads: { count: openUploads, bytes: openBytes },
    jobs,
    quota: {
      bytes: quotaBytes,
      remainingBytes: quotaBytes === null ? null : Math.max(0, quotaBytes - bytes - openBytes),
      openUploads: maxOpenUploads,
      requestsPerMinute,
    },
  }
}
