import { s3Error } from '../errors.ts'
import type { S3Request } from '../http/s3-request.ts'
import { maxInfoBytes, maxInfoNameBytes } from '../limits.ts'
import type { StoredHeaders } from '../store/versions.ts'

const standardHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-server-side-encryption',
]

const defaultContentType = 'application/octet-stream'

/** Returns the headers an upload stores with the object; `aws-chunked` describes the transfer and is not one of them. */
export function headersToStore(request: S3Request): StoredHeaders {
  const stored: StoredHeaders = { 'content-type': defaultContentType }
  for (const name of standardHeaders) {
    const value = request.header(name)
    if (value !== undefined && value !== '') stored[name] = value
  }
  const encodings = (stored['content-encoding'] ?? '').split(',').map(encoding => encoding.trim())
  const kept = encodings.filter(encoding => encoding !== '' && encoding !== 'aws-chunked').join(',')
  if (kept === '') delete stored['content-encoding']
  else stored['content-encoding'] = kept
  return { ...stored, ...customInfo(request) }
}

function customInfo(request: S3Request): StoredHeaders {
  const info: StoredHeaders = {}
  let bytes = 0
  for (const name of request.headerNames()) {
    if (!name.startsWith('x-amz-meta-')) continue
    const infoName = name.slice('x-amz-meta-'.length)
    const value = request.header(name) ?? ''
    if (infoName === '' || infoName.length > maxInfoNameBytes) {
      throw s3Error('MetadataTooLarge', `Custom info names must be from 1 to ${maxInfoNameBytes} bytes.`)
    }
    bytes += infoName.length + Buffer.byteLength(value, 'latin1')
    info[name] = value
  }
  if (bytes > maxInfoBytes) throw s3Error('MetadataTooLarge', `Custom info must be at most ${maxInfoBytes} bytes.`)
  return info
}

const overrides: Record<string, string> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
}

/** Returns the headers of a download. `response-*` query parameters replace what was stored; S3 takes them from signed requests only. */
export function overriddenHeaders(request: S3Request, isSigned: boolean): StoredHeaders {
  const headers: StoredHeaders = {}
  for (const [parameter, header] of Object.entries(overrides)) {
    const value = request.query.get(parameter)
    if (value === undefined) continue
    if (!isSigned) {
      throw s3Error('InvalidRequest', 'Request specific response headers cannot be used for anonymous GET requests.')
    }
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw s3Error('InvalidArgument', `${parameter} is not a header value.`)
    headers[header] = value
  }
  return headers
}
