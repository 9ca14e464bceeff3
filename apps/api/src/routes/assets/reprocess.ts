import { appError, isMediaType, MEDIA_TYPES, ReprocessStarted } from '@darkroom/contracts'
import { findJob, type JobRow, reprocessAsset } from '@darkroom/db'
import { once } from '../../idempotency/once.ts'
import { presentJob } from '../../presenters/asset.ts'
import { IdParams, problems, type Route, raise, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'

/** Processes an asset again, by the preset that it has. What is published stays so until its successor stands. */
export const reprocessAssetRoute: Route = (app, deps) => {
  const { database } = deps
  withZod(app).post(
    '/v1/assets/:id/reprocess',
    {
      onRequest: app.requireScope('write'),
      schema: {
        tags: ['Assets'],
        summary: 'Process an asset again',
        params: IdParams,
        response: { 202: ReprocessStarted, ...problems },
      },
    },
    async (request, reply) => {
      const asset = await assetOf(database.db, request)
      const { contentType, projectId } = asset
      if (!isMediaType(contentType)) throw appError('UNSUPPORTED_TYPE')
      const job = await once<JobRow>(deps, request, reply, {
        perform: commit =>
          commit(async tx => (await reprocessAsset(tx, { asset, queue: MEDIA_TYPES[contentType] })).job),
        outcomeOf: made => made.id,
        recall: async id => (await findJob(database.db, projectId, id)) ?? raise('NOT_FOUND'),
      })
      return reply
        .code(202)
        .header('location', `/v1/jobs/${job.id}`)
        .send({ job: presentJob(job) })
    },
  )
}
