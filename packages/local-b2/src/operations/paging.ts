import { s3Error } from '../errors.ts'
import { encodeUri } from '../http/query.ts'
import { maxPageSize } from '../limits.ts'
import { afterPrefix, commonPrefix } from '../store/key-order.ts'
import type { PageRequest, Position } from '../store/listing.ts'
import type { VersionSummary } from '../store/versions.ts'
import type { XmlElement } from '../xml.ts'
import { type Call, integerParameter } from './call.ts'

export function pageRequest(call: Call, limitName = 'max-keys'): PageRequest {
  return {
    prefix: call.request.query.get('prefix') ?? '',
    delimiter: call.request.query.get('delimiter') ?? '',
    limit: integerParameter(call, limitName, { min: 0, max: maxPageSize, fallback: maxPageSize, clamp: true }),
  }
}

/** Returns how a listing writes keys. `encoding-type=url` makes keys safe for XML 1.0, which cannot hold every character. */
export function keyEncoder({ request }: Call): { encode: (key: string) => string; element: XmlElement | undefined } {
  const type = request.query.get('encoding-type')
  if (type === undefined || type === '') return { encode: key => key, element: undefined }
  if (type !== 'url') throw s3Error('InvalidArgument', 'Invalid Encoding Method specified in Request')
  return { encode: key => encodeUri(key, true), element: ['EncodingType', 'url'] }
}

/** Starts after a marker; a marker that is itself a common prefix stands for everything below it. */
export function afterMarker(marker: string | undefined, { prefix, delimiter }: PageRequest): Position | undefined {
  if (marker === undefined || marker === '') return undefined
  const group = marker.startsWith(prefix) ? commonPrefix(marker, prefix, delimiter) : undefined
  const beyond = group === marker ? afterPrefix(marker) : undefined
  return beyond === undefined ? { key: marker, inclusive: false } : { key: beyond, inclusive: true }
}

export function encodeToken(position: Position): string {
  return Buffer.from(JSON.stringify([position.key, position.inclusive])).toString('base64url')
}

export function decodeToken(token: string): Position {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
    if (Array.isArray(parsed) && typeof parsed[0] === 'string' && typeof parsed[1] === 'boolean') {
      return { key: parsed[0], inclusive: parsed[1] }
    }
  } catch (cause) {
    throw Object.assign(s3Error('InvalidArgument', 'The continuation token provided is incorrect'), { cause })
  }
  throw s3Error('InvalidArgument', 'The continuation token provided is incorrect')
}

export const owner: XmlElement[] = [
  ['ID', 'local'],
  ['DisplayName', 'local'],
]

export function describeObject(version: VersionSummary, encode: (key: string) => string): XmlElement[] {
  return [
    ['Key', encode(version.key)],
    ['LastModified', new Date(version.createdAt).toISOString()],
    ['ETag', `"${version.etag}"`],
    ['Size', version.size],
    ['StorageClass', 'STANDARD'],
  ]
}

export function describePrefixes(prefixes: string[], encode: (key: string) => string): XmlElement[] {
  return prefixes.map((prefix): XmlElement => ['CommonPrefixes', [['Prefix', encode(prefix)]]])
}
