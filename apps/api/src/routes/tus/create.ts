import { appError } from '@darkroom/contracts'
import { findTusUpload } from '@darkroom/db/uploads'
import { cleanFilename, openTusUpload } from '@darkroom/ingest'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { projectOf } from '../../auth/principal.ts'
import type { ApiDeps } from '../../deps.ts'
import { idempotent } from '../../idempotency/idempotent.ts'
import { clientTokenOf } from '../../presenters/upload.ts'
import { problems, type Route, withZod } from '../route.ts'
import { uploadOf } from '../uploads/open-upload.ts'
import { receiveBody } from './append.ts'
import { parseUploadMetadata, uploadOfMetadata } from './metadata.ts'
import { bytesIn, CreationHeaders, checkMediaType, OFFSET_STREAM, sendState } from './protocol.ts'
import { type TusTurn, withTusUpload } from './tus-upload-of-request.ts'

/** Creates an upload whose bytes come by the tus protocol, and takes the first of them if they come along. */
export const createTusUploadRoute: Route = (app, deps) => {
  withZod(app).post(
    '/v1/tus',
    {
      onRequest: app.requireScope('upload'),
      config: {
        streamsBody: true,
        sends: [
          'Location',
          'Tus-Resumable',
          'Upload-Offset',
          'Upload-Expires',
          'Darkroom-Asset-Id',
          'Darkroom-Client-Token',
        ],
      },
      schema: {
        operationId: 'createTusUpload',
        tags: ['Uploads'],
        summary: 'Create a tus upload',
        description: `For clients of the [tus protocol](https://tus.io/protocols/resumable-upload). \`Upload-Metadata\` says what the body of \`POST /v1/uploads\` would say. The first bytes can come along, as \`${OFFSET_STREAM}\`.`,
        headers: CreationHeaders,
        response: { 201: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      reply.header('connection', 'close')
      if (hasBody(request)) checkMediaType(request)
      const { upload } = await createOf(deps, request, reply)
      const asked = withId(request, upload.id)
      const received = hasBody(request)
        ? await withTusUpload(deps, asked, turn => firstBytes(deps, turn, request))
        : ((await findTusUpload(deps.database.db, upload.id))?.tus.receivedBytes ?? 0)
      reply.removeHeader('connection')
      return sendState(reply, await uploadOf(deps.database.db, asked), received)
        .code(201)
        .header('location', `/v1/tus/${upload.id}`)
        .header('darkroom-client-token', clientTokenOf(deps, upload))
        .send(null)
    },
  )
}

function createOf(deps: ApiDeps, request: FastifyRequest, reply: Parameters<typeof idempotent>[2]) {
  const { headers } = request
  if (headers['upload-defer-length'] !== undefined)
    throw appError('INVALID_REQUEST', 'Upload-Defer-Length is not supported: limits and quotas need Upload-Length.')
  const byteSize = bytesIn(request, 'Upload-Length')
  const tusMetadata = String(headers['upload-metadata'] ?? '')
  const values = parseUploadMetadata(tusMetadata)
  const body = uploadOfMetadata(values, byteSize)
  const idempotencyKey = headers['idempotency-key'] ?? values.get('idempotencyKey')
  request.headers = { ...headers, 'idempotency-key': idempotencyKey }
  // What the request asks for stands in headers: the record of an idempotent request knows bodies.
  request.body = body
  const asked = { project: projectOf(request.principal), body, filename: cleanFilename(body.filename), tusMetadata }
  return openTusUpload(deps, asked, { run: work => idempotent(deps, request, reply, work) })
}

/** Takes the body of a creation, but that of one that is repeated: its bytes are there. */
const firstBytes = async (deps: ApiDeps, turn: TusTurn, request: FastifyRequest): Promise<number> =>
  turn.tus.receivedBytes > 0 ? turn.tus.receivedBytes : receiveBody(deps, turn, request, 0)

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

/** Returns the request as one for an upload, which a creation has no path of. */
const withId = (request: FastifyRequest, id: string): FastifyRequest<{ Params: { id: string } }> => {
  request.params = { id }
  return request as FastifyRequest<{ Params: { id: string } }>
}
