import type { Capability } from '../auth/application-key.ts'
import type { S3Request } from '../http/s3-request.ts'
import { getBucketAcl, getObjectAcl, putBucketAcl } from './acl.ts'
import { deleteBucketCors, getBucketCors, preflight, putBucketCors } from './bucket-cors.ts'
import { deleteBucketEncryption, getBucketEncryption, putBucketEncryption } from './bucket-encryption.ts'
import { deleteBucketLifecycle, getBucketLifecycle, putBucketLifecycle } from './bucket-lifecycle.ts'
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
} from './buckets.ts'
import type { Operation } from './call.ts'
import { completeMultipartUpload } from './complete-multipart-upload.ts'
import { copyObject } from './copy-object.ts'
import { deleteObject, deleteObjects } from './delete-object.ts'
import { getObject, headObject } from './get-object.ts'
import { listMultipartUploads } from './list-multipart-uploads.ts'
import { listObjectVersions } from './list-object-versions.ts'
import { listObjects, listObjectsV2 } from './list-objects.ts'
import { abortMultipartUpload, createMultipartUpload, listParts } from './multipart-uploads.ts'
import { putObject } from './put-object.ts'
import { methodNotAllowed, noObjectLock, notImplemented, unsupportedTagging } from './unsupported-operations.ts'
import { uploadPart, uploadPartCopy } from './upload-part.ts'

export interface Route {
  operation: string
  method: string
  scope: 'service' | 'bucket' | 'object' | 'any'
  /** Query parameters that must be there (`name`), or be there with a value (`name=value`). */
  query?: readonly string[]
  header?: string
  /** Whether a public bucket serves it without a signature. */
  publicRead?: boolean
  /** What the key must be allowed to do. https://www.backblaze.com/docs/cloud-storage-s3-compatible-app-keys */
  needs?: Capability | ((request: S3Request) => Capability)
  run: Operation
}

/** The first row that fits a request is its operation; rows with a subresource come before the plain ones. */
export const routes: readonly Route[] = [
  { operation: 'Preflight', method: 'OPTIONS', scope: 'any', run: preflight },

  { operation: 'ListBuckets', needs: 'listBuckets', method: 'GET', scope: 'service', run: listBuckets },

  {
    operation: 'GetBucketLocation',
    needs: 'readBuckets',
    method: 'GET',
    scope: 'bucket',
    query: ['location'],
    run: getBucketLocation,
  },
  {
    operation: 'GetBucketVersioning',
    needs: 'readBuckets',
    method: 'GET',
    scope: 'bucket',
    query: ['versioning'],
    run: getBucketVersioning,
  },
  {
    operation: 'GetBucketCors',
    needs: 'readBuckets',
    method: 'GET',
    scope: 'bucket',
    query: ['cors'],
    run: getBucketCors,
  },
  {
    operation: 'PutBucketCors',
    needs: 'writeBuckets',
    method: 'PUT',
    scope: 'bucket',
    query: ['cors'],
    run: putBucketCors,
  },
  {
    operation: 'DeleteBucketCors',
    needs: 'writeBuckets',
    method: 'DELETE',
    scope: 'bucket',
    query: ['cors'],
    run: deleteBucketCors,
  },
  {
    operation: 'GetBucketLifecycle',
    needs: 'readBucketLifecycleRules',
    method: 'GET',
    scope: 'bucket',
    query: ['lifecycle'],
    run: getBucketLifecycle,
  },
  {
    operation: 'PutBucketLifecycle',
    needs: 'writeBucketLifecycleRules',
    method: 'PUT',
    scope: 'bucket',
    query: ['lifecycle'],
    run: putBucketLifecycle,
  },
  {
    operation: 'DeleteBucketLifecycle',
    needs: 'writeBucketLifecycleRules',
    method: 'DELETE',
    scope: 'bucket',
    query: ['lifecycle'],
    run: deleteBucketLifecycle,
  },
  {
    operation: 'GetBucketAcl',
    needs: 'readBuckets',
    method: 'GET',
    scope: 'bucket',
    query: ['acl'],
    run: getBucketAcl,
  },
  {
    operation: 'PutBucketAcl',
    needs: 'writeBuckets',
    method: 'PUT',
    scope: 'bucket',
    query: ['acl'],
    run: putBucketAcl,
  },
  {
    operation: 'GetObjectLockConfiguration',
    needs: 'readBucketRetentions',
    method: 'GET',
    scope: 'bucket',
    query: ['object-lock'],
    run: noObjectLock,
  },
  {
    operation: 'GetBucketEncryption',
    needs: 'readBucketEncryption',
    method: 'GET',
    scope: 'bucket',
    query: ['encryption'],
    run: getBucketEncryption,
  },
  {
    operation: 'PutBucketEncryption',
    needs: 'writeBucketEncryption',
    method: 'PUT',
    scope: 'bucket',
    query: ['encryption'],
    run: putBucketEncryption,
  },
  {
    operation: 'DeleteBucketEncryption',
    needs: 'writeBucketEncryption',
    method: 'DELETE',
    scope: 'bucket',
    query: ['encryption'],
    run: deleteBucketEncryption,
  },
  {
    operation: 'ListObjectVersions',
    needs: 'listFiles',
    method: 'GET',
    scope: 'bucket',
    query: ['versions'],
    run: listObjectVersions,
  },
  {
    operation: 'ListMultipartUploads',
    needs: 'listFiles',
    method: 'GET',
    scope: 'bucket',
    query: ['uploads'],
    run: listMultipartUploads,
  },
  {
    operation: 'ListObjectsV2',
    needs: 'listFiles',
    method: 'GET',
    scope: 'bucket',
    query: ['list-type=2'],
    run: listObjectsV2,
  },
  {
    operation: 'DeleteObjects',
    needs: 'deleteFiles',
    method: 'POST',
    scope: 'bucket',
    query: ['delete'],
    run: deleteObjects,
  },
  { operation: 'PostPolicyUpload', method: 'POST', scope: 'bucket', run: notImplemented },

  { operation: 'GetObjectAcl', needs: 'readFiles', method: 'GET', scope: 'object', query: ['acl'], run: getObjectAcl },
  { operation: 'PutObjectAcl', method: 'PUT', scope: 'object', query: ['acl'], run: notImplemented },
  { operation: 'ListParts', needs: 'writeFiles', method: 'GET', scope: 'object', query: ['uploadId'], run: listParts },
  {
    operation: 'UploadPartCopy',
    needs: 'writeFiles',
    method: 'PUT',
    scope: 'object',
    query: ['partNumber', 'uploadId'],
    header: 'x-amz-copy-source',
    run: uploadPartCopy,
  },
  {
    operation: 'UploadPart',
    needs: 'writeFiles',
    method: 'PUT',
    scope: 'object',
    query: ['partNumber', 'uploadId'],
    run: uploadPart,
  },
  {
    operation: 'CompleteMultipartUpload',
    needs: 'writeFiles',
    method: 'POST',
    scope: 'object',
    query: ['uploadId'],
    run: completeMultipartUpload,
  },
  {
    operation: 'AbortMultipartUpload',
    needs: 'writeFiles',
    method: 'DELETE',
    scope: 'object',
    query: ['uploadId'],
    run: abortMultipartUpload,
  },
  {
    operation: 'CreateMultipartUpload',
    needs: 'writeFiles',
    method: 'POST',
    scope: 'object',
    query: ['uploads'],
    run: createMultipartUpload,
  },

  { operation: 'Tagging', method: '*', scope: 'any', query: ['tagging'], run: unsupportedTagging },
  ...[
    'accelerate',
    'acl',
    'analytics',
    'attributes',
    'cors',
    'encryption',
    'intelligent-tiering',
    'inventory',
    'legal-hold',
    'lifecycle',
    'logging',
    'metrics',
    'notification',
    'object-lock',
    'ownershipControls',
    'partNumber',
    'policy',
    'policyStatus',
    'publicAccessBlock',
    'replication',
    'requestPayment',
    'restore',
    'retention',
    'select',
    'torrent',
    'versioning',
    'website',
  ].map(
    (query): Route => ({ operation: 'NotImplemented', method: '*', scope: 'any', query: [query], run: notImplemented }),
  ),

  { operation: 'CreateBucket', needs: 'writeBuckets', method: 'PUT', scope: 'bucket', run: createBucket },
  { operation: 'DeleteBucket', needs: 'deleteBuckets', method: 'DELETE', scope: 'bucket', run: deleteBucket },
  { operation: 'HeadBucket', needs: 'listBuckets', method: 'HEAD', scope: 'bucket', run: headBucket },
  { operation: 'ListObjects', needs: 'listFiles', method: 'GET', scope: 'bucket', run: listObjects },
  {
    operation: 'CopyObject',
    needs: 'writeFiles',
    method: 'PUT',
    scope: 'object',
    header: 'x-amz-copy-source',
    run: copyObject,
  },
  { operation: 'PutObject', needs: 'writeFiles', method: 'PUT', scope: 'object', run: putObject },
  { operation: 'GetObject', needs: 'readFiles', method: 'GET', scope: 'object', publicRead: true, run: getObject },
  { operation: 'HeadObject', needs: 'readFiles', method: 'HEAD', scope: 'object', publicRead: true, run: headObject },
  {
    operation: 'DeleteObject',
    needs: request => (request.query.has('versionId') ? 'deleteFiles' : 'writeFiles'),
    method: 'DELETE',
    scope: 'object',
    run: deleteObject,
  },
  { operation: 'MethodNotAllowed', method: '*', scope: 'any', run: methodNotAllowed },
]

function scopeOf({ bucket, key }: S3Request): Route['scope'] {
  if (bucket === undefined) return 'service'
  return key === undefined ? 'bucket' : 'object'
}

function hasQuery(request: S3Request, wanted: string): boolean {
  const [name = '', value] = wanted.split('=')
  return value === undefined ? request.query.has(name) : request.query.get(name) === value
}

export function findRoute(request: S3Request): Route {
  const scope = scopeOf(request)
  const route = routes.find(
    row =>
      (row.method === request.method || row.method === '*') &&
      (row.scope === scope || row.scope === 'any') &&
      (row.query ?? []).every(wanted => hasQuery(request, wanted)) &&
      (row.header === undefined || request.header(row.header) !== undefined),
  )
  if (!route) throw new Error('the last route fits every request')
  return route
}
