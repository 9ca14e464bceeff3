import type { S3Client } from '@aws-sdk/client-s3'
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner'
import type { PresignGetInput, PresignPartInput, PresignPutInput } from './object-store.ts'
import type { ResolvedS3StoreConfig } from './s3-store-config.ts'

/** URLs for one request each, which whoever has them may send until they expire. */
export interface Presigner {
  /** One PUT of exactly this type and length. The length header is set by whatever sends the body. */
  put(input: PresignPutInput): Promise<{ url: string; headers: Record<string, string> }>
  /** One PUT of this part of exactly this length; as often as one likes until the upload is put together. */
  part(input: PresignPartInput): Promise<string>
  get(input: PresignGetInput): Promise<string>
}

interface Request {
  method: 'GET' | 'PUT'
  bucket: string
  key: string
  query?: Record<string, string | number | null | undefined>
  /** All of them are signed: without its content type an "image/png" URL takes `text/html` (docs/b2.md, presigned URLs). */
  headers?: Record<string, string>
  expiresInSec: number
}

/**
 * Creates the SDK's signer without its commands, which build a stack of middleware for every URL: that took three quarters of the
 * time. Where a bucket is stays the SDK's to say.
 */
export function createPresigner({ config }: S3Client, settings: ResolvedS3StoreConfig): Presigner {
  const { region, publicEndpoint, downloadEndpoint, forcePathStyle } = settings
  const signer = new S3RequestPresigner(config)
  const places = new Map<string, URL>()
  const placeOf = (method: Request['method'], bucket: string): URL => {
    const place = `${method} ${bucket}`
    const known = places.get(place)
    if (known) return known
    const { url } = config.endpointProvider({
      Bucket: bucket,
      Region: region,
      Endpoint: method === 'GET' ? downloadEndpoint : publicEndpoint,
      ForcePathStyle: forcePathStyle,
    })
    places.set(place, url)
    return url
  }
  const sign = async ({ method, bucket, key, query = {}, headers = {}, expiresInSec }: Request): Promise<string> => {
    const { protocol, hostname, port, pathname, host } = placeOf(method, bucket)
    const request = {
      method,
      protocol,
      hostname,
      ...(port && { port: Number(port) }),
      path: `${pathname.replace(/\/$/, '')}/${key.split('/').map(escapeUri).join('/')}`,
      query: Object.fromEntries(
        Object.entries(query).flatMap(([name, value]) => (value == null ? [] : [[name, `${value}`]])),
      ),
      headers: { ...headers, host },
    }
    const signed = await signer.presign(request, {
      expiresIn: expiresInSec,
      signableHeaders: new Set(Object.keys(request.headers)),
    })
    const pairs = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${escapeUri(name)}=${escapeUri(`${value}`)}`,
    )
    return `${protocol}//${host}${signed.path}?${pairs.join('&')}`
  }
  return {
    async put({ bucket, key, contentType, byteSize, expiresInSec }) {
      const headers = { 'content-type': contentType, 'content-length': String(byteSize) }
      const url = await sign({ method: 'PUT', bucket, key, headers, expiresInSec })
      return { url, headers: { 'content-type': contentType } }
    },
    part: ({ bucket, key, uploadId, partNumber, byteSize, expiresInSec }) =>
      sign({
        method: 'PUT',
        bucket,
        key,
        expiresInSec,
        query: { partNumber, uploadId },
        headers: { 'content-length': String(byteSize) },
      }),
    get: ({ bucket, key, versionId, responseContentType, responseContentDisposition, expiresInSec }) =>
      sign({
        method: 'GET',
        bucket,
        key,
        expiresInSec,
        query: {
          versionId,
          'response-content-type': responseContentType,
          'response-content-disposition': responseContentDisposition,
        },
      }),
  }
}

/** Escapes a text as SigV4 does: everything but letters, digits and `-._~`. */
const escapeUri = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
