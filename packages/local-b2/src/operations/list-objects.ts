import { xmlReply } from '../http/reply.ts'
import type { VersionSummary } from '../store/versions.ts'
import type { XmlElement } from '../xml.ts'
import { type Operation, requireBucket } from './call.ts'
import {
  afterMarker,
  decodeToken,
  describeObject,
  describePrefixes,
  encodeToken,
  keyEncoder,
  owner,
  pageRequest,
} from './paging.ts'

function describeContents(items: VersionSummary[], encode: (key: string) => string, withOwner: boolean): XmlElement[] {
  return items.map(item => {
    const described = describeObject(item, encode)
    return ['Contents', withOwner ? [...described, ['Owner', owner]] : described]
  })
}

export const listObjectsV2: Operation = call => {
  const bucket = requireBucket(call)
  const { query } = call.request
  const request = pageRequest(call)
  const { encode, element } = keyEncoder(call)
  const token = query.get('continuation-token')
  const startAfter = query.get('start-after')
  const start = token === undefined ? afterMarker(startAfter, request) : decodeToken(token)
  const page = call.store.listing.visible(bucket, request, start)
  const withOwner = query.get('fetch-owner') === 'true'
  return xmlReply([
    'ListBucketResult',
    [
      ['Name', bucket.name],
      ['Prefix', encode(request.prefix)],
      request.delimiter === '' ? undefined : ['Delimiter', encode(request.delimiter)],
      ['MaxKeys', request.limit],
      element,
      ['KeyCount', page.items.length + page.prefixes.length],
      ['IsTruncated', page.next !== undefined],
      token === undefined ? undefined : ['ContinuationToken', token],
      page.next && ['NextContinuationToken', encodeToken(page.next)],
      startAfter === undefined ? undefined : ['StartAfter', encode(startAfter)],
      ...describeContents(page.items, encode, withOwner),
      ...describePrefixes(page.prefixes, encode),
    ],
  ])
}

export const listObjects: Operation = call => {
  const bucket = requireBucket(call)
  const request = pageRequest(call)
  const { encode, element } = keyEncoder(call)
  const marker = call.request.query.get('marker') ?? ''
  const page = call.store.listing.visible(bucket, request, afterMarker(marker, request))
  return xmlReply([
    'ListBucketResult',
    [
      ['Name', bucket.name],
      ['Prefix', encode(request.prefix)],
      ['Marker', encode(marker)],
      request.delimiter === '' ? undefined : ['Delimiter', encode(request.delimiter)],
      ['MaxKeys', request.limit],
      element,
      ['IsTruncated', page.next !== undefined],
      page.next && page.last !== undefined ? ['NextMarker', encode(page.last)] : undefined,
      ...describeContents(page.items, encode, true),
      ...describePrefixes(page.prefixes, encode),
    ],
  ])
}
