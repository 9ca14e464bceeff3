import { s3Error } from '../errors.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { checkBucketName } from '../object-name.ts'
import { bucketName, type Operation, readXml, requireBucket } from './call.ts'
import { owner } from './paging.ts'
import { accessOfAcl } from './upload-refusals.ts'

export const listBuckets: Operation = ({ store }) =>
  xmlReply([
    'ListAllMyBucketsResult',
    [
      ['Owner', owner],
      [
        'Buckets',
        store.buckets.list().map(
          bucket =>
            [
              'Bucket',
              [
                ['Name', bucket.name],
                ['CreationDate', new Date(bucket.created_at).toISOString()],
              ],
            ] as const,
        ),
      ],
    ],
  ])

export const createBucket: Operation = async call => {
  const name = checkBucketName(bucketName(call))
  const access = accessOfAcl(call.request.header('x-amz-acl') ?? 'private')
  // The location constraint is read and let go: an account has one region.
  if (Number(call.request.header('content-length') ?? 0) > 0) await readXml(call)
  await call.store.commit(transaction => {
    if (call.store.buckets.find(name)) throw s3Error('BucketAlreadyOwnedByYou')
    call.store.buckets.create(transaction, name, access, call.now)
  })
  return emptyReply(200, { location: `/${name}` })
}

export const deleteBucket: Operation = async call => {
  await call.store.commit(transaction => {
    const bucket = requireBucket(call)
    if (call.store.buckets.isInUse(bucket)) throw s3Error('BucketNotEmpty')
    call.store.buckets.remove(transaction, bucket)
  })
  return emptyReply(204)
}

export const headBucket: Operation = call => {
  requireBucket(call)
  return emptyReply(200, { 'x-amz-bucket-region': call.region })
}

export const getBucketLocation: Operation = call => {
  requireBucket(call)
  return xmlReply(['LocationConstraint', call.region])
}

/** Buckets always keep versions; there is no call to change that. */
export const getBucketVersioning: Operation = call => {
  requireBucket(call)
  return xmlReply(['VersioningConfiguration', [['Status', 'Enabled']]])
}
