import { appError, ConfirmUpload, isMediaType, MEDIA_TYPES, UploadConfirmed } from '@darkroom/contracts'
import {
  type AssetRow,
  confirmUpload,
  findUpload,
  type JobRow,
  latestJobOfAsset,
  type UploadWithAsset,
  viewAsset,
} from '@darkroom/db'
import type { ObjectHead } from '@darkroom/storage'
import type { ApiDeps } from '../../deps.ts'
import { presentAsset, presentJob } from '../../presenters/asset.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assertNotExpired, uploadOf } from './open-upload.ts'

/** Turns bytes that arrived into work, once, however often and by however many it is called. */
export const confirmUploadRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads/:id/confirm',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      schema: {
        tags: ['Uploads'],
        summary: 'Confirm that the bytes are there',
        params: IdParams,
        body: ConfirmUpload.nullish(),
        response: { 202: UploadConfirmed, ...problems },
      },
    },
    async (request, reply) => {
      const { asset, job } = await confirm(deps, await uploadOf(deps.database.db, request))
      const view = await viewAsset(deps.database.db, asset)
      return reply
        .code(202)
        .header('location', `/v1/jobs/${job.id}`)
        .send({ asset: presentAsset(deps.settings, view), job: presentJob(job) })
    },
  )
}

async function confirm(deps: ApiDeps, found: UploadWithAsset): Promise<{ asset: AssetRow; job: JobRow }> {
  const { database } = deps
  const { upload, asset } = found
  if (upload.confirmedAt) return confirmedBefore(deps, asset)
  assertNotExpired(found)
  const { contentType } = upload
  if (!isMediaType(contentType)) throw appError('UNSUPPORTED_TYPE')
  const head = await arrivedBytes(deps, found)
  const won = await database.db.transaction(tx =>
    confirmUpload(tx, {
      upload,
      bytes: {
        versionId: head.versionId,
        etag: head.etag,
        byteSize: head.byteSize,
        contentType,
        queue: MEDIA_TYPES[contentType],
      },
    }),
  )
  if (won) return won
  // Somebody else was faster: a second confirm, the expiry or a deletion. What stands now decides.
  const now = await findUpload(database.db, upload.projectId, upload.id)
  if (!now || now.asset.deletedAt) throw appError('ASSET_DELETED')
  if (!now.upload.confirmedAt) throw appError('UPLOAD_EXPIRED')
  return confirmedBefore(deps, now.asset)
}

async function confirmedBefore({ database }: ApiDeps, asset: AssetRow): Promise<{ asset: AssetRow; job: JobRow }> {
  const job = await latestJobOfAsset(database.db, asset.id)
  if (!job) throw new Error(`asset ${asset.id} was confirmed and has no job`)
  return { asset, job }
}

/** What the store has, outside any transaction. Bytes of the wrong size are removed, so that the client can PUT again. */
async function arrivedBytes({ store }: ApiDeps, { upload, object }: UploadWithAsset): Promise<ObjectHead> {
  if (!object) throw new Error(`upload ${upload.id} has no object`)
  const { bucket, key } = object
  const head = await store.head({ bucket, key })
  if (!head) throw appError('UPLOAD_INCOMPLETE')
  if (head.byteSize === upload.byteSize) return head
  await store.deleteVersion({ bucket, key, versionId: head.versionId })
  throw appError(
    'SIZE_MISMATCH',
    `${upload.byteSize} bytes were declared and ${head.byteSize} arrived. They were removed: PUT again, then confirm.`,
  )
}
