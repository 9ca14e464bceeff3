import { UploadState } from '@darkroom/contracts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { uploadOf } from './open-upload.ts'

/** The state of an upload, and what the store has of it. */
export const getUploadRoute: Route = (app, deps) => {
  withZod(app).get(
    '/v1/uploads/:id',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      schema: {
        tags: ['Uploads'],
        summary: 'Read the state of an upload',
        params: IdParams,
        response: { 200: UploadState, ...problems },
      },
    },
    async request => {
      const { upload, asset, object, isExpired } = await uploadOf(deps.database.db, request)
      const isOpen = !upload.confirmedAt && !isExpired && asset.status === 'awaiting_upload'
      const head = isOpen && object ? await deps.store.head({ bucket: object.bucket, key: object.key }) : null
      return {
        id: upload.id,
        assetId: asset.id,
        type: upload.type,
        state: upload.confirmedAt
          ? ('confirmed' as const)
          : isOpen
            ? ('awaiting_upload' as const)
            : ('expired' as const),
        byteSize: upload.byteSize,
        receivedBytes: upload.confirmedAt ? upload.byteSize : (head?.byteSize ?? null),
        expiresAt: upload.expiresAt.toISOString(),
      }
    },
  )
}
