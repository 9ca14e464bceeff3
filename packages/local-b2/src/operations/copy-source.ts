import { mayUse } from '../auth/application-key.ts'
import { s3Error } from '../errors.ts'
import { decodeComponent } from '../http/query.ts'
import type { Version } from '../store/versions.ts'
import type { Call } from './call.ts'
import { requireSourceConditions } from './conditions.ts'
import { findVersion } from './find-version.ts'

export interface CopySource {
  bucket: string
  key: string
  versionId: string | undefined
}

/** Parses `x-amz-copy-source`: `[/]bucket/key[?versionId=…]`, percent-encoded. */
export function parseCopySource(header: string): CopySource {
  const [path = '', query] = header.split('?versionId=')
  const decoded = decodeComponent(path).replace(/^\//, '')
  const slash = decoded.indexOf('/')
  if (slash < 1 || slash === decoded.length - 1) {
    throw s3Error('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey')
  }
  const versionId = query === undefined ? undefined : decodeComponent(query)
  return { bucket: decoded.slice(0, slash), key: decoded.slice(slash + 1), versionId }
}

/** Finds the version to copy from; an error when its conditions do not hold. Call it inside the commit that uses its bytes. */
export function findCopySource(call: Call, source: CopySource): Version {
  const { identity } = call
  if (identity.kind === 'key' && !mayUse(identity.key, 'readFiles', source.bucket))
    throw s3Error('AccessDenied', 'not entitled')
  const bucket = call.store.buckets.find(source.bucket)
  if (!bucket) throw s3Error('NoSuchBucket', `The specified bucket does not exist: ${source.bucket}`)
  const version = findVersion(call, bucket, source.key, source.versionId)
  requireSourceConditions(name => call.request.header(name), version)
  return version
}

export function copySource({ request }: Call): CopySource {
  return parseCopySource(request.header('x-amz-copy-source') ?? '')
}
