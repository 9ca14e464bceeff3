import { appError } from '@darkroom/contracts'
import { abortUpload } from '@darkroom/db/deletion'
import { closedUploadError } from '@darkroom/ingest'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from '../../deps.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { uploadOf } from './open-upload.ts'

/** Gives up an upload that was not confirmed. What arrived is removed at once, and once more when the URL has run out. */
export const abortUploadRoute: Route = (app, deps) => {
  withZod(app).delete(
    '/v1/uploads/:id',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      schema: {
        operationId: 'abortUpload',
        tags: ['Uploads'],
        summary: 'Abort an upload',
        params: IdParams,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      await giveUpUpload(deps, request)
      return reply.code(204).send(null)
    },
  )
}

/**
 * Gives up the upload of the path, and removes what arrived of it.
 * @throws UPLOAD_CONFIRMED, UPLOAD_EXPIRED or ASSET_DELETED when it is no longer open
 */
export async function giveUpUpload(
  { database, store }: ApiDeps,
  request: FastifyRequest<{ Params: { id: string } }>,
): Promise<void> {
  const { upload, object } = await uploadOf(database.db, request)
  if (upload.confirmedAt) throw confirmed()
  const isAborted = await database.db.transaction(tx => abortUpload(tx, upload))
  // Confirmed, expired or given up by somebody else in between.
  if (!isAborted) {
    const now = await uploadOf(database.db, request)
    throw now.upload.confirmedAt ? confirmed() : closedUploadError(now)
  }
  // A store that does not answer now is no failure: the job that removes the objects was committed with the deletion.
  if (object) {
    const multiparts = upload.type === 'multipart'
    await store.purge({ bucket: object.bucket, key: object.key }, { multiparts }).catch(warn(request))
  }
}

const confirmed = () => appError('UPLOAD_CONFIRMED', 'The upload is already confirmed. Delete the asset instead.')

const warn = (request: FastifyRequest) => (error: unknown) => {
  request.log.warn({ err: error }, 'could not remove the bytes of an aborted upload; retrying later')
}
