import { Usage } from '@darkroom/contracts'
import { countActiveJobs, readUsage } from '@darkroom/db'
import { projectOf } from '../auth/principal.ts'
import { problems, type Route, withZod } from './route.ts'

/** What a project has and what it may have. */
export const usageRoute: Route = (app, { database: { db } }) => {
  withZod(app).get(
    '/v1/usage',
    {
      onRequest: app.requireScope('read'),
      schema: {
        tags: ['Usage'],
        summary: 'Read what is stored and what may be',
        response: { 200: Usage, ...problems },
      },
    },
    async request => {
      const { id, quotaBytes, maxOpenUploads, requestsPerMinute } = projectOf(request.principal)
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
    },
  )
}
