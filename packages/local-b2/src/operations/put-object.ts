import { emptyReply } from '../http/reply.ts'
import { checkKey } from '../object-name.ts'
import { type Call, type Operation, requireBucket, requireKey } from './call.ts'
import { headersToStore } from './stored-headers.ts'
import { refuseConditionalWrite, refuseUploadHeaders } from './upload-refusals.ts'

export const putObject: Operation = async (call: Call) => {
  const bucket = requireBucket(call)
  const key = checkKey(requireKey(call))
  refuseConditionalWrite(call.request)
  refuseUploadHeaders(call.request, bucket)
  const headers = headersToStore(call.request)
  const body = call.body()
  const segment = await call.store.blobs.write(body.chunks)
  const version = await call.store.commit(transaction => {
    const content = { size: segment[2], etag: body.md5().toString('hex'), headers, segments: [segment] }
    const added = call.store.versions.add(transaction, requireBucket(call), key, call.now, content)
    call.events.emit(transaction, 'b2:ObjectCreated:Upload', bucket, added)
    return added
  })
  return emptyReply(200, { etag: `"${version.etag}"`, 'x-amz-version-id': version.versionId })
}
