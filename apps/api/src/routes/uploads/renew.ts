import { appError, UploadRenewed } from '@darkroom/contracts'
import { extendPresign } from '@darkroom/db'
import { presentUpload, presignExpiry } from '../../presenters/upload.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { assertNotExpired, uploadOf } from './open-upload.ts'

/** Signs a fresh URL for an upload whose URL ran out. */
export const renewUploadRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads/:id/renew',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      schema: {
        tags: ['Uploads'],
        summary: 'Get a fresh upload URL',
        params: IdParams,
        response: { 200: UploadRenewed, ...problems },
      },
    },
    async request => {
      const found = await uploadOf(deps.database.db, request)
      if (found.upload.confirmedAt) throw appError('UPLOAD_CONFIRMED')
      assertNotExpired(found)
      const { upload, object } = found
      if (!object) throw new Error(`upload ${upload.id} has no object`)
      const presignExpiresAt = presignExpiry(deps, upload.expiresAt)
      // Recorded before it is signed: clean-up must know until when somebody can write the key.
      if (!(await extendPresign(deps.database.db, upload.id, presignExpiresAt))) throw appError('UPLOAD_CONFIRMED')
      return presentUpload(deps, upload, object, presignExpiresAt)
    },
  )
}
