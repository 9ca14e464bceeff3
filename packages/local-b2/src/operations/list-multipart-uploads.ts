import { xmlReply } from '../http/reply.ts'
import { afterPrefix, commonPrefix } from '../store/key-order.ts'
import type { Upload } from '../store/uploads.ts'
import { type Call, type Operation, requireBucket } from './call.ts'
import { describePrefixes, keyEncoder, owner, pageRequest } from './paging.ts'

/** Sorts after every text in SQLite: no upper bound. */
const beyondText = new Uint8Array(0)
const afterEveryUpload = Number.MAX_SAFE_INTEGER

/** Returns where a page begins. An upload marker continues inside a key; without one the whole key is skipped. */
function startOf({ request }: Call, uploads: (key: string) => Upload[]): [key: string, id: number] {
  const keyMarker = request.query.get('key-marker') ?? ''
  const uploadMarker = request.query.get('upload-id-marker') ?? ''
  if (keyMarker === '') return ['', 0]
  if (uploadMarker === '') return [keyMarker, afterEveryUpload]
  const upload = uploads(keyMarker).find(({ uploadId }) => uploadId === uploadMarker)
  return [keyMarker, upload?.id ?? 0]
}

export const listMultipartUploads: Operation = call => {
  const bucket = requireBucket(call)
  const { uploads } = call.store
  const { prefix, delimiter, limit } = pageRequest(call, 'max-uploads')
  const before = prefix === '' ? beyondText : (afterPrefix(prefix) ?? beyondText)
  const after = startOf(call, key => {
    const range = { from: key, before: beyondText, after: [key, 0] as [string, number] }
    return uploads.page(bucket, range, 1000).filter(upload => upload.key === key)
  })
  const found = uploads.page(bucket, { from: prefix, before, after }, limit + 1)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const { encode, element } = keyEncoder(call)
  const groups = new Set(page.flatMap(({ key }) => commonPrefix(key, prefix, delimiter) ?? []))
  const listed = page.filter(({ key }) => commonPrefix(key, prefix, delimiter) === undefined)
  return xmlReply([
    'ListMultipartUploadsResult',
    [
      ['Bucket', bucket.name],
      ['KeyMarker', encode(call.request.query.get('key-marker') ?? '')],
      ['UploadIdMarker', call.request.query.get('upload-id-marker') ?? ''],
      last && ['NextKeyMarker', encode(last.key)],
      last && ['NextUploadIdMarker', last.uploadId],
      ['Prefix', encode(prefix)],
      delimiter === '' ? undefined : ['Delimiter', encode(delimiter)],
      element,
      ['MaxUploads', limit],
      ['IsTruncated', found.length > limit],
      ...listed.map(
        upload =>
          [
            'Upload',
            [
              ['Key', encode(upload.key)],
              ['UploadId', upload.uploadId],
              ['Initiator', owner],
              ['Owner', owner],
              ['StorageClass', 'STANDARD'],
              ['Initiated', new Date(upload.createdAt).toISOString()],
            ],
          ] as const,
      ),
      ...describePrefixes([...groups], encode),
    ],
  ])
}
