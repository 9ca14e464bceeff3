import { appError } from '@darkroom/contracts'
import type { UploadWithAsset } from '@darkroom/db/uploads'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

/** https://tus.io/protocols/resumable-upload */
export const TUS_VERSION = '1.0.0'
export const TUS_EXTENSIONS = ['creation', 'creation-with-upload', 'termination', 'expiration']

/** Media type of a body that has bytes of a file. */
export const OFFSET_STREAM = 'application/offset+octet-stream'

/** The headers of a request. That the version is missing, `checkTusVersion` says before. */
export const TusHeaders = z.looseObject({
  'tus-resumable': z.string().meta({ description: 'Version of the protocol.', example: TUS_VERSION }),
})
export const CreationHeaders = TusHeaders.extend({
  'upload-length': z.string().meta({ description: 'Exact size of the file in bytes.', example: '2481337' }),
  'upload-metadata': z.string().optional().meta({
    description:
      'Pairs of a name and a value in base64, comma-separated: `filename`, `filetype`, `preset`, `folder`, `externalId`, `tags` (comma-separated), `metadata` (JSON), `sha256`, `idempotencyKey`. Other names are returned by HEAD, and not used.',
    example: 'filename YmVhY2guanBn,filetype aW1hZ2UvanBlZw==',
  }),
})
export const AppendHeaders = TusHeaders.extend({
  'upload-offset': z.string().meta({ description: 'Where the body begins in the file, in bytes.', example: '5000000' }),
})

/** @throws TUS_VERSION_UNSUPPORTED */
export function checkTusVersion(request: FastifyRequest, reply: FastifyReply): void {
  if (request.method === 'OPTIONS' || request.headers['tus-resumable'] === TUS_VERSION) return
  reply.header('tus-version', TUS_VERSION)
  throw appError('TUS_VERSION_UNSUPPORTED')
}

/** @throws UNSUPPORTED_MEDIA_TYPE for a body that is not the bytes of a file */
export function checkMediaType({ headers }: FastifyRequest): void {
  if (headers['content-type'] === OFFSET_STREAM) return
  throw appError('UNSUPPORTED_MEDIA_TYPE', `Send the bytes as ${OFFSET_STREAM}.`)
}

const INTEGER = /^\d{1,16}$/

/** Reads a header that is a number of bytes. @throws INVALID_REQUEST */
export function bytesIn({ headers }: FastifyRequest, name: 'Upload-Length' | 'Upload-Offset'): number {
  const text = headers[name.toLowerCase()]
  const bytes = typeof text === 'string' && INTEGER.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(bytes)) throw appError('INVALID_REQUEST', `${name} must be a number of bytes.`)
  return bytes
}

/** Sets the headers that tell how far an upload is, and which asset it becomes. */
export function sendState(reply: FastifyReply, { upload, asset }: UploadWithAsset, offset: number): FastifyReply {
  if (!upload.confirmedAt) reply.header('upload-expires', upload.expiresAt.toUTCString())
  return reply
    .header('upload-offset', offset)
    .header('upload-length', upload.byteSize)
    .header('darkroom-asset-id', asset.id)
    .header('cache-control', 'no-store')
}
