import { appError, PartsSigned, SignParts } from '@darkroom/contracts'
import { extendPresign } from '@darkroom/db/uploads'
import { openMultipart, partLayoutOf, placeOf, presignExpiry, readClosedUploadError, signParts } from '@darkroom/ingest'
import type { PartLayout } from '@darkroom/storage'
import { repeatable } from '../../idempotency/idempotent.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { openUploadOf } from './open-upload.ts'

/** Signs more parts of a multipart upload, or those whose URLs ran out. */
export const signPartsRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/uploads/:id/parts',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      schema: {
        operationId: 'signUploadParts',
        tags: ['Uploads'],
        summary: 'Get upload URLs for parts',
        params: IdParams,
        body: SignParts,
        response: { 200: PartsSigned, ...problems },
      },
    },
    (request, reply) =>
      repeatable(deps, request, reply, async () => {
        const { db } = deps.database
        const found = await openUploadOf(db, request)
        const { upload } = found
        const layout = partLayoutOf(upload)
        if (!layout)
          throw appError('INVALID_REQUEST', 'This upload is a single PUT without parts. Renew its URL instead.')
        const partNumbers = askedFor(request.body.partNumbers, layout)
        const place = placeOf(found)
        const presignExpiresAt = presignExpiry(deps, upload.expiresAt)
        // Recorded before it is signed: clean-up must know until when somebody can write the key.
        if (!(await extendPresign(db, upload.id, presignExpiresAt))) throw await readClosedUploadError(db, upload)
        const uploadId = await openMultipart(deps, upload, place)
        const { byteSize } = upload
        const parts = await signParts(deps, { ...place, uploadId }, { layout, byteSize, partNumbers }, presignExpiresAt)
        return { parts, expiresAt: presignExpiresAt.toISOString() }
      }),
  )
}

function askedFor(partNumbers: number[], { partCount }: PartLayout): number[] {
  const beyond = partNumbers.find(partNumber => partNumber > partCount)
  if (beyond) throw appError('INVALID_REQUEST', `Part ${beyond} does not exist. This upload has ${partCount} parts.`)
  return [...new Set(partNumbers)]
}
