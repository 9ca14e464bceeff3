import { s3Error } from '../errors.ts'
import { xmlReply } from '../http/reply.ts'
import { checkKey } from '../object-name.ts'
import { type Operation, requireBucket, requireKey } from './call.ts'
import { copySource, findCopySource } from './copy-source.ts'
import { headersToStore } from './stored-headers.ts'
import { refuseUploadHeaders } from './upload-refusals.ts'

function readDirective(directive: string): 'COPY' | 'REPLACE' {
  if (directive === 'COPY' || directive === 'REPLACE') return directive
  throw s3Error('InvalidArgument', `Unknown metadata directive: ${directive}`)
}

/** Shares the source's bytes: a copy costs one commit, whatever the size. */
export const copyObject: Operation = async call => {
  const { request, store } = call
  const key = checkKey(requireKey(call))
  const bucket = requireBucket(call)
  refuseUploadHeaders(request, bucket)
  const source = copySource(call)
  const directive = readDirective(request.header('x-amz-metadata-directive') ?? 'COPY')
  const isItself = source.bucket === bucket.name && source.key === key && source.versionId === undefined
  if (isItself && directive === 'COPY') {
    throw s3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
    )
  }
  const { version, sourceId } = await store.commit(transaction => {
    const from = findCopySource(call, source)
    if (from.size > call.maxCopyBytes) {
      throw s3Error('InvalidRequest', 'The specified copy source is larger than the maximum allowable size for a copy.')
    }
    const headers = directive === 'COPY' ? from.headers : headersToStore(request)
    const { size, etag, segments } = from
    const added = store.versions.add(transaction, requireBucket(call), key, call.now, { size, etag, segments, headers })
    call.events.emit(transaction, 'b2:ObjectCreated:Copy', bucket, added)
    return { version: added, sourceId: from.versionId }
  })
  return xmlReply(
    [
      'CopyObjectResult',
      [
        ['LastModified', new Date(version.createdAt).toISOString()],
        ['ETag', `"${version.etag}"`],
      ],
    ],
    { 'x-amz-version-id': version.versionId, 'x-amz-copy-source-version-id': sourceId },
  )
}
