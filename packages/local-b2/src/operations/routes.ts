import type { S3Request } from '../http/s3-request.ts'
import { getBucketAcl, getObjectAcl, putBucketAcl } from './acl.ts'
import { deleteBucketCors, getBucketCors, preflight, putBucketCors } from './bucket-cors.ts'
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
import {
  methodNotAllowed,
  noEncryption,
  noObjectLock,
  notImplemented,
  unsupportedTagging,
} from './unsupported-operations.ts'
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
  run: Operation
}

/** The first row that fits a request is its operation; rows with a subresource come before the plain ones. */
export const routes: readonly Route[] = [
  { operation: 'Preflight', method: 'OPTIONS', scope: 'any', run: preflight },

  { operation: 'ListBuckets', method: 'GET', scope: 'service', run: listBuckets },

  { operation: 'GetBucketLocation', method: 'GET', scope: 'bucket', query: ['location'], run: getBucketLocation },
  { operation: 'GetBucketVersioning', method: 'GET', scope: 'bucket', query: ['versioning'], run: getBucketVersioning },
  { operation: 'GetBucketCors', method: 'GET', scope: 'bucket', query: ['cors'], run: getBucketCors },
  { operation: 'PutBucketCors', method: 'PUT', scope: 'bucket', query: ['cors'], run: putBucketCors },
  { operation: 'DeleteBucketCors', method: 'DELETE', scope: 'bucket', query: ['cors'], run: deleteBucketCors },
  { operation: 'GetBucketLifecycle', method: 'GET', scope: 'bucket', query: ['lifecycle'], run: getBucketLifecycle },
  { operation: 'PutBucketLifecycle', method: 'PUT', scope: 'bucket', query: ['lifecycle'], run: putBucketLifecycle },
  {
    operation: 'DeleteBucketLifecycle',
    method: 'DELETE',
    scope: 'bucket',
    query: ['lifecycle'],
    run: deleteBucketLifecycle,
  },
  { operation: 'GetBucketAcl', method: 'GET', scope: 'bucket', query: ['acl'], run: getBucketAcl },
  { operation: 'PutBucketAcl', method: 'PUT', scope: 'bucket', query: ['acl'], run: putBucketAcl },
  {
    operation: 'GetObjectLockConfiguration',
    method: 'GET',
    scope: 'bucket',
    query: ['object-lock'],
    run: noObjectLock,
  },
  { operation: 'GetBucketEncryption', method: 'GET', scope: 'bucket', query: ['encryption'], run: noEncryption },
  { operation: 'ListObjectVersions', method: 'GET', scope: 'bucket', query: ['versions'], run: listObjectVersions },
  { operation: 'ListMultipartUploads', method: 'GET', scope: 'bucket', query: ['uploads'], run: listMultipartUploads },
  { operation: 'ListObjectsV2', method: 'GET', scope: 'bucket', query: ['list-type=2'], run: listObjectsV2 },
  { operation: 'DeleteObjects', method: 'POST', scope: 'bucket', query: ['delete'], run: deleteObjects },
  { operation: 'PostPolicyUpload', method: 'POST', scope: 'bucket', run: notImplemented },

  { operation: 'GetObjectAcl', method: 'GET', scope: 'object', query: ['acl'], run: getObjectAcl },
  { operation: 'PutObjectAcl', method: 'PUT', scope: 'object', query: ['acl'], run: notImplemented },
  { operation: 'ListParts', method: 'GET', scope: 'object', query: ['uploadId'], run: listParts },
  {
    operation: 'UploadPartCopy',
    method: 'PUT',
    scope: 'object',
    query: ['partNumber', 'uploadId'],
    header: 'x-amz-copy-source',
    run: uploadPartCopy,
  },
  { operation: 'UploadPart', method: 'PUT', scope: 'object', query: ['partNumber', 'uploadId'], run: uploadPart },
  {
    operation: 'CompleteMultipartUpload',
    method: 'POST',
    scope: 'object',
    query: ['uploadId'],
    run: completeMultipartUpload,
  },
  {
    operation: 'AbortMultipartUpload',
    method: 'DELETE',
    scope: 'object',
    query: ['uploadId'],
    run: abortMultipartUpload,
  },
  {
    operation: 'CreateMultipartUpload',
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

  { operation: 'CreateBucket', method: 'PUT', scope: 'bucket', run: createBucket },
  { operation: 'DeleteBucket', method: 'DELETE', scope: 'bucket', run: deleteBucket },
  { operation: 'HeadBucket', method: 'HEAD', scope: 'bucket', run: headBucket },
  { operation: 'ListObjects', method: 'GET', scope: 'bucket', run: listObjects },
  { operation: 'CopyObject', method: 'PUT', scope: 'object', header: 'x-amz-copy-source', run: copyObject },
  { operation: 'PutObject', method: 'PUT', scope: 'object', run: putObject },
  { operation: 'GetObject', method: 'GET', scope: 'object', publicRead: true, run: getObject },
  { operation: 'HeadObject', method: 'HEAD', scope: 'object', publicRead: true, run: headObject },
  { operation: 'DeleteObject', method: 'DELETE', scope: 'object', run: deleteObject },
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
