import { appError, type ErrorCode, isMediaType, MEDIA_TYPES, ReprocessStarted } from '@darkroom/contracts'
import { type AssetRow, findJob, type JobRow, reprocessAsset } from '@darkroom/db'
import { once } from '../../idempotency/once.ts'
import { presentJob } from '../../presenters/asset.ts'
import { IdParams, problems, type Route, raise, withZod } from '../route.ts'
import { assetOf } from './asset-of-request.ts'

/** Of an import that has brought nothing yet, nobody knows the type. */
function whyUntyped({ confirmedAt, status }: AssetRow): ErrorCode {
  if (confirmedAt) return 'UNSUPPORTED_TYPE'
  return status === 'processing' ? 'ASSET_NOT_SETTLED' : 'SOURCE_GONE'
}

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
      if (!isMediaType(contentType)) throw appError(whyUntyped(asset))
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
