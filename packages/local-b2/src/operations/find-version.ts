import { s3Error } from '../errors.ts'
import type { Bucket } from '../store/buckets.ts'
import type { Version } from '../store/versions.ts'
import type { Call } from './call.ts'

/** Finds the version a read means: the one named, or the newest; hidden and missing ones are refused as S3 does. */
export function findVersion(
  { store }: Pick<Call, 'store'>,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): Version {
  if (versionId === undefined) {
    const version = store.versions.latest(bucket, key)
    if (!version) throw s3Error('NoSuchKey')
    if (version.marker) throw s3Error('NoSuchKey', undefined, markerHeaders(version))
    return version
  }
  const version = store.versions.byId(bucket, key, versionId)
  if (!version) throw s3Error('NoSuchVersion')
  if (version.marker) throw s3Error('MethodNotAllowed', undefined, { ...markerHeaders(version), allow: 'DELETE' })
  return version
}

export function markerHeaders(version: Version): Record<string, string> {
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId }
}
