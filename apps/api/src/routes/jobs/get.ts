import { appError, IfNoneMatch, Job, SETTLED_JOB_STATUSES, WaitQuery } from '@darkroom/contracts'
import { findShownJob, type JobRow } from '@darkroom/db/jobs'
import { z } from 'zod'
import { presentJob } from '../../presenters/asset.ts'
import { readWithWait, sendNotModified, setWatchHeaders } from '../long-poll.ts'
import { IdParams, idOf, problems, type Route, withZod } from '../route.ts'

const etagOf = (job: JobRow) =>
  `W/"${[job.status, job.attempt, job.progress, job.stage ?? '', job.availableAt.getTime()].join('.')}"`

/** Returns one job; `?wait` holds the answer until the job changes. */
export const getJobRoute: Route = (app, { database, feed, eta }) => {
  withZod(app).get(
    '/v1/jobs/:id',
    {
      onRequest: app.requireScope('read', { clientToken: true }),
      config: { sends: ['ETag', 'Retry-After'] },
      schema: {
        operationId: 'getJob',
        tags: ['Jobs'],
        summary: 'Get a job',
        params: IdParams,
        querystring: WaitQuery,
        headers: IfNoneMatch,
        response: { 200: Job, 304: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const id = idOf(request)
      const { projectId, onlyAssetId } = request.principal
      const watched = await readWithWait(request, feed, request.query.wait ?? 0, async () => {
        const found = await findShownJob(database.db, projectId, id)
        if (!found || (onlyAssetId && found.job.assetId !== onlyAssetId)) throw appError('NOT_FOUND')
        if (found.takenDownAt) throw appError('ASSET_DELETED')
        const { job } = found
        return {
          value: job,
          etag: etagOf(job),
          isSettled: SETTLED_JOB_STATUSES.includes(job.status),
          retryAfterSec: eta.retryAfterSec({ presetId: null, status: 'processing' }, job),
          assetId: job.assetId,
        }
      })
      if (setWatchHeaders(request, reply, watched)) return sendNotModified(reply)
      return presentJob(watched.value)
    },
  )
}
