import { Usage, UsageDays, UsageDaysQuery, UsageReconciled } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { readUsageDays } from '@darkroom/db/operations'
import { countActiveJobs, type Project, readUsage, reconcileUsage } from '@darkroom/db/projects'
import { audited } from '../audit/audited.ts'
import { projectOf } from '../auth/principal.ts'
import { repeatable } from '../idempotency/idempotent.ts'
import { projectOfRequest } from './projects/project-of-request.ts'
import { IdParams, problems, type Route, withZod } from './route.ts'

const response = { 200: Usage, ...problems }

/** Returns the usage and the limits of the caller's project. */
export const usageRoute: Route = (app, { database: { db } }) => {
  withZod(app).get(
    '/v1/usage',
    {
      onRequest: app.requireScope('read'),
      schema: { operationId: 'getUsage', tags: ['Usage'], summary: 'Get storage usage and quota', response },
    },
    async request => usageOf(db, projectOf(request.principal)),
  )
}

/** Returns the usage and the limits of any project. */
export const usageOfProjectRoute: Route = (app, { database: { db } }) => {
  withZod(app).get(
    '/v1/admin/projects/:id/usage',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'getProjectUsage',
        tags: ['Admin'],
        summary: 'Get storage usage and quota of a project',
        params: IdParams,
        response,
      },
    },
    async request => usageOf(db, await projectOfRequest(db, request)),
  )
}

const daysSchema = {
  description:
    'Days in UTC. Stored bytes are recorded hourly, as the state of the day; days on which nothing changed have that of the day before.',
  querystring: UsageDaysQuery,
  response: { 200: UsageDays, ...problems },
}

/** Returns what the caller's project stored and took in on each day. */
export const usageDaysRoute: Route = (app, { database: { db } }) => {
  withZod(app).get(
    '/v1/usage/days',
    {
      onRequest: app.requireScope('read'),
      schema: { operationId: 'listUsageDays', tags: ['Usage'], summary: 'List usage by day', ...daysSchema },
    },
    async request => {
      const { projectId } = request.principal
      return { projectId, days: await readUsageDays(db, { projectId, days: request.query.days }) }
    },
  )
}

/** Returns the same of any project. */
export const usageDaysOfProjectRoute: Route = (app, { database: { db } }) => {
  withZod(app).get(
    '/v1/admin/projects/:id/usage/days',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      schema: {
        operationId: 'listProjectUsageDays',
        tags: ['Admin'],
        summary: 'List usage of a project by day',
        params: IdParams,
        ...daysSchema,
      },
    },
    async request => {
      const { id: projectId } = await projectOfRequest(db, request)
      return { projectId, days: await readUsageDays(db, { projectId, days: request.query.days }) }
    },
  )
}

/** Counts anew, which may take as long as the tables are large. */
export const reconcileUsageRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/admin/usage/reconcile',
    {
      onRequest: app.requireAdmin({ operatorOnly: true }),
      config: { audits: 'usage' },
      schema: {
        operationId: 'reconcileUsage',
        tags: ['Admin'],
        summary: 'Recalculate the usage of all projects',
        description: 'Counts the usage from the database and corrects the stored totals. A worker does this daily.',
        response: { 200: UsageReconciled, ...problems },
      },
    },
    (request, reply) =>
      repeatable(deps, request, reply, async () => ({
        corrections: await deps.database.withoutStatementTimeout(db =>
          db.transaction(tx =>
            audited(
              tx,
              request,
              () => reconcileUsage(tx),
              ({ length }) => ({ target: null, projectId: null, outcome: { corrections: length } }),
            ),
          ),
        ),
      })),
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
