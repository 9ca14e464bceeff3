import { errorEntry, type FailureGroup, FailureGroups, FailureQuery } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { listAdminJobs } from '@darkroom/db/jobs'
import { countFailures, type FailureCount } from '@darkroom/db/operations'
import { adminReach } from '../../auth/principal.ts'
import { problems, type Route, withZod } from '../route.ts'
import { presentAdminJob } from './present-job.ts'

/** Groups failed jobs by why they failed. */
export const listFailuresRoute: Route = (app, { database: { db } }) => {
  withZod(app).get(
    '/v1/admin/failures',
    {
      onRequest: app.requireAdmin(),
      schema: {
        operationId: 'listFailures',
        tags: ['Admin'],
        summary: 'Group failed jobs by error code',
        description:
          'Each group has an example and what to do. To requeue a whole group, use its code as the filter of `POST /v1/admin/jobs/requeue`.',
        querystring: FailureQuery,
        response: { 200: FailureGroups, ...problems },
      },
    },
    async request => {
      const { projectId, after } = request.query
      const reach = adminReach(request.principal, projectId)
      const counts = await countFailures(db, { projectId: reach, after: after ? new Date(after) : null })
      const groups = await Promise.all(counts.map(count => groupOf(db, count, { projectId: reach, after })))
      return { items: groups.filter(group => group !== null) }
    },
  )
}

/** Adds an example; null when the last job of the group was requeued meanwhile. */
async function groupOf(
  db: Database,
  { code, firstAtMs, lastAtMs, projectIds: _, ...count }: FailureCount,
  { projectId, after }: { projectId: string | null; after: string | undefined },
): Promise<FailureGroup | null> {
  const of = { status: 'failed', code, projectId, sort: '-createdAt', after: null, limit: 50 } as const
  const recent = await listAdminJobs(db, of)
  // One that was created last may have failed before `after`, if it is old.
  const example = recent.find(({ job }) => !after || (job.finishedAt && job.finishedAt > new Date(after))) ?? recent[0]
  if (!example) return null
  const { class: errorClass, owner, admin } = errorEntry(code)
  return {
    code,
    class: errorClass,
    ...count,
    firstAt: new Date(firstAtMs).toISOString(),
    lastAt: new Date(lastAtMs).toISOString(),
    meaning: owner,
    action: admin,
    example: presentAdminJob(example),
  }
}
