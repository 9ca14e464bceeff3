import { UploadState } from '@darkroom/contracts'
import type { UploadWithAsset } from '@darkroom/db/uploads'
import { placeOf } from '@darkroom/ingest'
import type { StoredPart } from '@darkroom/storage'
import type { ApiDeps } from '../../deps.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { uploadOf } from './open-upload.ts'

/** Returns the state of an upload, and which bytes the store has. */
export const getUploadRoute: Route = (app, deps) => {
  withZod(app).get(
    '/v1/uploads/:id',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      schema: {
        operationId: 'getUpload',
        tags: ['Uploads'],
        summary: 'Get an upload',
        params: IdParams,
        response: { 200: UploadState, ...problems },
      },
    },
    async request => {
      const found = await uploadOf(deps.database.db, request)
      const { upload, asset } = found
      const isOpen = !upload.confirmedAt && !found.isExpired && asset.status === 'awaiting_upload'
      const { receivedBytes, parts } = isOpen ? await inStore(deps, found) : NOTHING
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
        receivedBytes: upload.confirmedAt ? upload.byteSize : receivedBytes,
        partSize: upload.partSize,
        partCount: upload.partCount,
        parts,
        expiresAt: upload.expiresAt.toISOString(),
      }
    },
  )
}

interface InStore {
  receivedBytes: number | null
  parts: StoredPart[] | null
}

const NOTHING: InStore = { receivedBytes: null, parts: null }

/** Reads what the store has of an open upload: its parts until they are assembled, then the object. */
async function inStore({ store }: ApiDeps, found: UploadWithAsset): Promise<InStore> {
  const place = placeOf(found)
  const { storeUploadId } = found.upload
  const parts = storeUploadId ? await store.listParts({ ...place, uploadId: storeUploadId }) : null
  if (parts) return { receivedBytes: parts.reduce((sum, part) => sum + part.byteSize, 0) || null, parts }
  return { receivedBytes: (await store.head(place))?.byteSize ?? null, parts: null }
}
