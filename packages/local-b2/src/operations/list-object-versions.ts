import { s3Error } from '../errors.ts'
import { xmlReply } from '../http/reply.ts'
import type { Bucket } from '../store/buckets.ts'
import type { PageRequest, Position } from '../store/listing.ts'
import type { VersionSummary } from '../store/versions.ts'
import type { XmlElement } from '../xml.ts'
import { type Call, type Operation, requireBucket } from './call.ts'
import { afterMarker, describeObject, describePrefixes, keyEncoder, owner, pageRequest } from './paging.ts'

/**
 * Returns where a page begins. A key marker alone skips the whole key; with a version marker the page continues inside
 * the key.
 */
function startOf(call: Call, bucket: Bucket, request: PageRequest): Position | undefined {
  const keyMarker = call.request.query.get('key-marker')
  const versionMarker = call.request.query.get('version-id-marker')
  if (versionMarker === undefined || versionMarker === '') return afterMarker(keyMarker, request)
  if (keyMarker === undefined || keyMarker === '') {
    throw s3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.')
  }
  const version = call.store.versions.byId(bucket, keyMarker, versionMarker)
  // The version was deleted since the last page: everything older than it would be missed, so the key starts over.
  if (!version) return { key: keyMarker, inclusive: true }
  return { key: keyMarker, inclusive: false, seq: version.seq }
}

function describeVersion(version: VersionSummary, encode: (key: string) => string): XmlElement {
  const shared: XmlElement[] = [
    ['VersionId', version.versionId],
    ['IsLatest', version.latest],
    ['Owner', owner],
  ]
  if (!version.marker) return ['Version', [...describeObject(version, encode), ...shared]]
  const modified: XmlElement = ['LastModified', new Date(version.createdAt).toISOString()]
  return ['DeleteMarker', [['Key', encode(version.key)], modified, ...shared]]
}

export const listObjectVersions: Operation = call => {
  const bucket = requireBucket(call)
  const { query } = call.request
  const request = pageRequest(call)
  const { encode, element } = keyEncoder(call)
  const page = call.store.listing.versions(bucket, request, startOf(call, bucket, request))
  const lastItem = page.items.at(-1)
  const endsWithVersion = lastItem !== undefined && lastItem.key === page.last
  return xmlReply([
    'ListVersionsResult',
    [
      ['Name', bucket.name],
      ['Prefix', encode(request.prefix)],
      ['KeyMarker', encode(query.get('key-marker') ?? '')],
      ['VersionIdMarker', query.get('version-id-marker') ?? ''],
      request.delimiter === '' ? undefined : ['Delimiter', encode(request.delimiter)],
      ['MaxKeys', request.limit],
      element,
      ['IsTruncated', page.next !== undefined],
      page.next && page.last !== undefined ? ['NextKeyMarker', encode(page.last)] : undefined,
      page.next && endsWithVersion ? ['NextVersionIdMarker', lastItem.versionId] : undefined,
      ...page.items.map(item => describeVersion(item, encode)),
      ...describePrefixes(page.prefixes, encode),
    ],
  ])
}
