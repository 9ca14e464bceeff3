import { s3Error } from '../errors.ts'
import type { S3Request } from '../http/s3-request.ts'
import type { Bucket, BucketAccess } from '../store/buckets.ts'

const cannedAcls: Record<string, BucketAccess> = { private: 'private', 'public-read': 'public' }

/** Returns the access a canned ACL means, for the two B2 knows. */
export function accessOfAcl(acl: string): BucketAccess {
  const access = cannedAcls[acl]
  if (!access) throw s3Error('InvalidArgument', `Unsupported value for canned acl '${acl}'`)
  return access
}

/** Refuses header values that no request creating an object may have: there are no object ACLs, KMS keys or storage classes. */
export function refuseUploadHeaders(request: S3Request, bucket: Bucket) {
  const acl = request.header('x-amz-acl')
  if (acl !== undefined && accessOfAcl(acl) !== bucket.access) {
    throw s3Error('InvalidArgument', `Unsupported value for canned acl '${acl}'`)
  }
  const storageClass = request.header('x-amz-storage-class')
  if (storageClass !== undefined && storageClass !== 'STANDARD') throw s3Error('InvalidStorageClass')
  const encryption = request.header('x-amz-server-side-encryption')
  if (encryption !== undefined && encryption !== 'AES256') throw s3Error('NotImplemented')
}

/** Refuses conditional writes: B2 answers 501. */
export function refuseConditionalWrite(request: S3Request) {
  if (request.header('if-none-match') ?? request.header('if-match')) throw s3Error('NotImplemented')
}
