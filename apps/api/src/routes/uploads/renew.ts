import { UploadRenewed } from '@darkroom/contracts'
import { extendPresign } from '@darkroom/db/uploads'
import { placeOf, presignExpiry, readClosedUploadError, signUpload } from '@darkroom/ingest'
import { repeatable } from '../../idempotency/idempotent.ts'
import { clientTokenOf } from '../../presenters/upload.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { openUploadOf } from './open-upload.ts'

/** Signs fresh URLs for an upload whose URLs ran out; of parts, for those that are missing. */
export const renewUploadRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads/:id/renew',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      schema: {
        operationId: 'renewUpload',
        tags: ['Uploads'],
        summary: 'Renew the upload URL',
        params: IdParams,
        response: { 200: UploadRenewed, ...problems },
      },
    },
    (request, reply) =>
      repeatable(deps, request, reply, async () => {
        const { db } = deps.database
        const found = await openUploadOf(db, request)
        const { upload } = found
        const presignExpiresAt = presignExpiry(deps, upload.expiresAt)
        // Recorded before it is signed: clean-up must know until when somebody can write the key.
        if (!(await extendPresign(db, upload.id, presignExpiresAt))) throw await readClosedUploadError(db, upload)
        const instructions = await signUpload(deps, upload, placeOf(found), presignExpiresAt)
        return { upload: instructions, clientToken: clientTokenOf(deps, upload) }
      }),
  )
}
