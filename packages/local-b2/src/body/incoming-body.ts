import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Identity } from '../auth/identity.ts'
import { s3Error } from '../errors.ts'
import type { S3Request } from '../http/s3-request.ts'
import { maxSinglePutBytes } from '../limits.ts'
import { decodeAwsChunked } from './aws-chunked.ts'
import { checkChecksum, checksumHeaders, startChecksum } from './checksum.ts'

export interface IncomingBody {
  /** Decoded bytes announced by the client. */
  length: number
  /** Ends without an error only when length, signature, MD5 and checksums all hold. */
  chunks: AsyncIterable<Buffer>
  /** MD5 of the bytes, once `chunks` has ended. */
  md5(): Buffer
}

interface Encoding {
  chunked: boolean
  signed: boolean
  trailer: boolean
}

const plain: Encoding = { chunked: false, signed: false, trailer: false }
const encodings: Record<string, Encoding> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { chunked: true, signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { chunked: true, signed: true, trailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { chunked: true, signed: false, trailer: true },
}

function announcedLength(request: S3Request, chunked: boolean): number {
  const text = chunked ? request.header('x-amz-decoded-content-length') : request.header('content-length')
  if (text === undefined) throw s3Error('MissingContentLength')
  if (!/^\d{1,15}$/.test(text)) throw s3Error('InvalidArgument', 'The content length is not a number.')
  const length = Number(text)
  if (length > maxSinglePutBytes) throw s3Error('EntityTooLarge')
  return length
}

function expectedMd5(request: S3Request): Buffer | undefined {
  const text = request.header('content-md5')
  if (text === undefined) return undefined
  const digest = Buffer.from(text, 'base64')
  if (digest.length !== 16 || digest.toString('base64') !== text) throw s3Error('InvalidDigest')
  return digest
}

/** Opens the body of an authenticated request; nothing is read, and no `100 Continue` sent, before `chunks` is iterated. */
export function openIncomingBody(request: S3Request, response: ServerResponse, identity: Identity): IncomingBody {
  const payload = identity.kind === 'key' ? identity.payload : 'UNSIGNED-PAYLOAD'
  const encoding = encodings[payload] ?? plain
  const signedHash = /^[0-9a-f]{64}$/.test(payload) ? payload : undefined
  if (!signedHash && !encoding.chunked && payload !== 'UNSIGNED-PAYLOAD') {
    throw s3Error('InvalidArgument', 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-…, or a SHA-256 in hex.')
  }
  const length = announcedLength(request, encoding.chunked)
  const contentMd5 = expectedMd5(request)
  const md5 = createHash('md5')
  let digest: Buffer | undefined

  const trailers = new Map<string, string>()
  const announced = (request.header('x-amz-trailer') ?? '').split(',').map(name => name.trim().toLowerCase())
  const checksums = checksumHeaders
    .filter(name => request.header(name) !== undefined || announced.includes(name))
    .flatMap(name => {
      const checksum = startChecksum(name)
      return checksum ? [{ name, checksum }] : []
    })

  function source(): AsyncIterable<Buffer> {
    if (!encoding.chunked) return request.message
    const signing = encoding.signed && identity.kind === 'key' ? identity.chunkSigning : undefined
    return decodeAwsChunked({
      source: request.message,
      signing,
      hasTrailer: encoding.trailer,
      onTrailer: (name, value) => trailers.set(name, value),
    })
  }

  async function* chunks(): AsyncGenerator<Buffer> {
    if (request.message.headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
    const sha256 = signedHash ? createHash('sha256') : undefined
    let received = 0
    for await (const chunk of source()) {
      received += chunk.length
      if (received > length) throw s3Error('IncompleteBody', 'The body is longer than its announced length.')
      md5.update(chunk)
      sha256?.update(chunk)
      for (const { checksum } of checksums) checksum.update(chunk)
      yield chunk
    }
    if (received < length) throw s3Error('IncompleteBody')
    digest = md5.digest()
    if (sha256 && sha256.digest('hex') !== signedHash) throw s3Error('XAmzContentSHA256Mismatch')
    if (contentMd5 && !contentMd5.equals(digest)) throw s3Error('BadDigest')
    for (const { name, checksum } of checksums) {
      const expected = request.header(name) ?? trailers.get(name)
      if (expected === undefined) throw s3Error('InvalidRequest', `The announced trailer ${name} is missing.`)
      checkChecksum(name, expected, checksum)
    }
  }

  return {
    length,
    chunks: chunks(),
    md5() {
      if (!digest) throw new Error('the body was not read to its end')
      return digest
    },
  }
}

/** Reads a whole small document; `maxBytes` bounds the memory a request can take. */
export async function readDocument(body: IncomingBody, maxBytes: number): Promise<string> {
  if (body.length > maxBytes) throw s3Error('MalformedXML', `The document is larger than ${maxBytes} bytes.`)
  const chunks: Buffer[] = []
  for await (const chunk of body.chunks) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
