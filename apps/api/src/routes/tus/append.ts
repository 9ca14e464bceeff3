import { appError } from '@darkroom/contracts'
import { appendBytes, assertUploadOpen, completeTusUpload } from '@darkroom/ingest'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from '../../deps.ts'
import { IdParams, problems, type Route, withZod } from '../route.ts'
import { uploadOf } from '../uploads/open-upload.ts'
import { AppendHeaders, bytesIn, checkMediaType, OFFSET_STREAM, sendState } from './protocol.ts'
import { type TusTurn, withTusUpload } from './tus-upload-of-request.ts'

/** Takes the next bytes of a file, as many as come. */
export const appendTusUploadRoute: Route = (app, deps) => {
  withZod(app).patch(
    '/v1/tus/:id',
    {
      onRequest: app.requireScope('upload', { clientToken: true }),
      config: { streamsBody: true, sends: ['Tus-Resumable', 'Upload-Offset', 'Upload-Expires', 'Darkroom-Asset-Id'] },
      schema: {
        operationId: 'appendTusUpload',
        tags: ['Uploads'],
        summary: 'Append bytes to a tus upload',
        description: `The body is the file from \`Upload-Offset\` on, as \`${OFFSET_STREAM}\`, all of it or a piece. With its last byte the upload is confirmed.`,
        params: IdParams,
        headers: AppendHeaders,
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      await appendToUpload(deps, request, reply)
      return reply.code(204).send(null)
    },
  )
}

/** Appends the body of a request, and confirms the upload with its last byte. */
export async function appendToUpload(
  deps: ApiDeps,
  request: FastifyRequest<{ Params: { id: string } }>,
  reply: FastifyReply,
): Promise<void> {
  // Of a request that is refused the body is not read to its end.
  reply.header('connection', 'close')
  checkMediaType(request)
  const offset = bytesIn(request, 'Upload-Offset')
  const received = await withTusUpload(deps, request, turn => receiveBody(deps, turn, request, offset))
  const found = await uploadOf(deps.database.db, request)
  reply.removeHeader('connection')
  sendState(reply, found, received)
}

/** @returns how many bytes the store has now */
export async function receiveBody(
  deps: ApiDeps,
  turn: TusTurn,
  request: FastifyRequest,
  offset: number,
): Promise<number> {
  const { found, tus, writer } = turn
  const { byteSize } = assertUploadOpen(found).upload
  if (offset !== tus.receivedBytes)
    throw appError('UPLOAD_OFFSET_MISMATCH', `The upload continues at offset ${tus.receivedBytes}, not ${offset}.`)
  const length = Number(request.headers['content-length'] ?? 0)
  if (offset + length > byteSize)
    throw appError('TOO_LARGE', `The upload has ${byteSize} bytes. The body ends at ${offset + length}.`)
  const received = await appendBytes(deps, turn, request.raw)
  if (received === byteSize) await completeTusUpload(deps, found, writer)
  return received
}
