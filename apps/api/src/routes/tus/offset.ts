import { closedUploadError, completeTusUpload } from '@darkroom/ingest'
import { z } from 'zod'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { uploadOf } from '../uploads/open-upload.ts'
import { sendState, TusHeaders } from './protocol.ts'
import { type TusTurn, withTusUpload } from './tus-upload-of-request.ts'

/** Tells where an upload continues. A request that still writes it keeps what it has and ends first. */
export const tusOffsetRoute: Route = (app, deps) => {
  withZod(app).head(
    '/v1/tus/:id',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      config: {
        swagger: { exposeHeadRoute: true },
        sends: ['Tus-Resumable', 'Upload-Offset', 'Upload-Length', 'Upload-Expires', 'Darkroom-Asset-Id'],
      },
      schema: {
        operationId: 'getTusUpload',
        tags: ['Uploads'],
        summary: 'Get the offset of a tus upload',
        params: IdParams,
        headers: TusHeaders,
        response: { 200: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { metadata, offset } = await withTusUpload(deps, request, async turn => {
        assertNotEnded(turn)
        const { found, tus, writer } = turn
        const { confirmedAt, byteSize } = found.upload
        // A confirm that the store did not answer is made up for, before the sweeper does.
        if (!confirmedAt && tus.receivedBytes === byteSize) await completeTusUpload(deps, found, writer)
        return { metadata: tus.metadata, offset: confirmedAt ? byteSize : tus.receivedBytes }
      })
      if (metadata !== '') reply.header('upload-metadata', metadata)
      return sendState(reply, await uploadOf(deps.database.db, request), offset)
        .code(200)
        .send(null)
    },
  )
}

function assertNotEnded({ found }: TusTurn): void {
  if (!found.upload.confirmedAt && (found.isExpired || found.asset.status === 'expired')) throw closedUploadError(found)
}
