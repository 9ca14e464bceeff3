import { s3Error } from '../errors.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import type { Bucket } from '../store/buckets.ts'
import type { Transaction } from '../store/database.ts'
import type { Version } from '../store/versions.ts'
import { childrenOf, parseXml, textOf, type XmlElement } from '../xml.ts'
import { type Call, type Operation, readXml, requireBucket, requireKey } from './call.ts'

const maxKeysPerRequest = 1000

interface Outcome {
  /** The hide marker that was added or removed. */
  marker: Version | undefined
  removedVersionId: string | undefined
}

/** Deletes one object. Without a version the key is hidden, once; a named version is removed for good. What is not there is no error. */
export function deleteOne(
  call: Pick<Call, 'store' | 'events' | 'now'>,
  transaction: Transaction,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): Outcome {
  const { versions } = call.store
  if (versionId === undefined) {
    const current = versions.latest(bucket, key)
    if (!current) return { marker: undefined, removedVersionId: undefined }
    if (current.marker) return { marker: current, removedVersionId: undefined }
    const marker = versions.hide(transaction, bucket, key, call.now)
    call.events.emit(transaction, 'b2:HideMarkerCreated:Hide', bucket, marker)
    return { marker, removedVersionId: undefined }
  }
  const version = versions.byId(bucket, key, versionId)
  if (version) {
    versions.remove(transaction, bucket, version)
    call.events.emit(transaction, 'b2:ObjectDeleted:Delete', bucket, version)
  }
  return { marker: version?.marker ? version : undefined, removedVersionId: versionId }
}

export const deleteObject: Operation = async call => {
  const bucket = requireBucket(call)
  const key = requireKey(call)
  const versionId = call.request.query.get('versionId')
  const outcome = await call.store.commit(transaction => deleteOne(call, transaction, bucket, key, versionId))
  const named = outcome.removedVersionId ?? outcome.marker?.versionId
  return emptyReply(204, {
    ...(outcome.marker && { 'x-amz-delete-marker': 'true' }),
    ...(named !== undefined && { 'x-amz-version-id': named }),
  })
}

function describe(key: string, { marker, removedVersionId }: Outcome): XmlElement {
  return [
    'Deleted',
    [
      ['Key', key],
      removedVersionId === undefined ? undefined : ['VersionId', removedVersionId],
      marker && ['DeleteMarker', true],
      marker && ['DeleteMarkerVersionId', marker.versionId],
    ],
  ]
}

export const deleteObjects: Operation = async call => {
  const bucket = requireBucket(call)
  const root = parseXml(await readXml(call), 'Delete')
  const wanted = childrenOf(root, 'Object').map(object => ({
    key: textOf(object, 'Key') ?? '',
    versionId: textOf(object, 'VersionId'),
  }))
  if (wanted.length === 0 || wanted.length > maxKeysPerRequest || wanted.some(({ key }) => key === '')) {
    throw s3Error('MalformedXML')
  }
  const deleted = await call.store.commit(transaction =>
    wanted.map(({ key, versionId }) => describe(key, deleteOne(call, transaction, bucket, key, versionId))),
  )
  return xmlReply(['DeleteResult', textOf(root, 'Quiet')?.trim() === 'true' ? [] : deleted])
}
