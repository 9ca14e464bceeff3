import { ConfirmUpload, UploadConfirmed } from '@darkroom/contracts'
import { readAssetRecord } from '@darkroom/db/assets'
import { confirmArrived } from '@darkroom/ingest'
import { repeatable } from '../../idempotency/idempotent.ts'
import { presentAsset, presentJob } from '../../presenters/asset.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { uploadOf } from './open-upload.ts'

/** Holds the ETags of 10,000 parts. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** Turns bytes that arrived into work, once, however often and by however many it is called. */
export const confirmUploadRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads/:id/confirm',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      bodyLimit: BODY_LIMIT_BYTES,
      config: { sends: ['Location'] },
      schema: {
        operationId: 'confirmUpload',
        tags: ['Uploads'],
        summary: 'Confirm an upload',
        params: IdParams,
        body: ConfirmUpload.nullish(),
        response: { 202: UploadConfirmed, ...problems },
      },
    },
    async (request, reply) => {
      const { asset, job } = await repeatable(deps, request, reply, async () => {
        const found = await uploadOf(deps.database.db, request)
        return confirmArrived(deps, found, { by: 'client', parts: request.body?.parts })
      })
      const record = await readAssetRecord(deps.database.db, asset)
      return reply
        .code(202)
        .header('location', `/v1/jobs/${job.id}`)
        .send({ asset: presentAsset(deps, record), job: presentJob(job) })
    },
  )
}
