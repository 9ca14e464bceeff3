import { s3Error } from '../errors.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { maxPartNumber } from '../limits.ts'
import { checkKey } from '../object-name.ts'
import type { Bucket } from '../store/buckets.ts'
import type { Upload } from '../store/uploads.ts'
import { type Call, integerParameter, type Operation, requireBucket, requireKey } from './call.ts'
import { keyEncoder, owner } from './paging.ts'
import { headersToStore } from './stored-headers.ts'
import { refuseUploadHeaders } from './upload-refusals.ts'

export function requireUpload(call: Call, bucket: Bucket): Upload {
  const uploadId = call.request.query.get('uploadId') ?? ''
  const upload = call.store.uploads.find(bucket, requireKey(call), uploadId)
  if (!upload) throw s3Error('NoSuchUpload')
  return upload
}

export const createMultipartUpload: Operation = async call => {
  const bucket = requireBucket(call)
  const key = checkKey(requireKey(call))
  refuseUploadHeaders(call.request, bucket)
  const headers = headersToStore(call.request)
  const upload = await call.store.commit(transaction =>
    call.store.uploads.create(transaction, requireBucket(call), key, call.now, headers),
  )
  return xmlReply([
    'InitiateMultipartUploadResult',
    [
      ['Bucket', bucket.name],
      ['Key', key],
      ['UploadId', upload.uploadId],
    ],
  ])
}

export const abortMultipartUpload: Operation = async call => {
  const bucket = requireBucket(call)
  await call.store.commit(transaction => call.store.uploads.remove(transaction, requireUpload(call, bucket)))
  return emptyReply(204)
}

export const listParts: Operation = call => {
  const bucket = requireBucket(call)
  const upload = requireUpload(call, bucket)
  const limit = integerParameter(call, 'max-parts', { min: 0, max: 1000, fallback: 1000, clamp: true })
  const marker = integerParameter(call, 'part-number-marker', { min: 0, max: maxPartNumber, fallback: 0 })
  const found = call.store.uploads.partPage(upload, marker, limit + 1)
  const parts = found.slice(0, limit)
  const { encode, element } = keyEncoder(call)
  return xmlReply([
    'ListPartsResult',
    [
      ['Bucket', bucket.name],
      ['Key', encode(upload.key)],
      element,
      ['UploadId', upload.uploadId],
      ['Initiator', owner],
      ['Owner', owner],
      ['StorageClass', 'STANDARD'],
      ['PartNumberMarker', marker],
      ['NextPartNumberMarker', parts.at(-1)?.number ?? 0],
      ['MaxParts', limit],
      ['IsTruncated', found.length > limit],
      ...parts.map(
        part =>
          [
            'Part',
            [
              ['PartNumber', part.number],
              ['LastModified', new Date(part.createdAt).toISOString()],
              ['ETag', `"${part.etag}"`],
              ['Size', part.size],
            ],
          ] as const,
      ),
    ],
  ])
}
