import { createHash } from 'node:crypto'
import { s3Error } from '../errors.ts'
import { xmlReply } from '../http/reply.ts'
import { maxPartNumber, minPartBytes } from '../limits.ts'
import type { Part } from '../store/uploads.ts'
import { childrenOf, parseXml, textOf } from '../xml.ts'
import { type Operation, readXml, requireBucket, requireKey } from './call.ts'
import { requireUpload } from './multipart-uploads.ts'
import { refuseConditionalWrite } from './upload-refusals.ts'

export interface ListedPart {
  number: number
  etag: string
}

function parseParts(xml: string): ListedPart[] {
  const listed = childrenOf(parseXml(xml, 'CompleteMultipartUpload'), 'Part').map(part => ({
    number: Number(textOf(part, 'PartNumber') ?? Number.NaN),
    etag: (textOf(part, 'ETag') ?? '').trim().replaceAll('"', ''),
  }))
  if (listed.length === 0 || listed.length > maxPartNumber) throw s3Error('MalformedXML')
  return listed
}

/** Picks the stored parts a client listed, in its order, which must be ascending; every part but the last must be full. */
export function selectParts(listed: readonly ListedPart[], stored: readonly Part[]): Part[] {
  const byNumber = new Map(stored.map(part => [part.number, part]))
  let previous = 0
  const selected = listed.map(({ number, etag }) => {
    if (!(number > previous)) throw s3Error('InvalidPartOrder')
    previous = number
    const part = byNumber.get(number)
    if (!part || part.etag !== etag) throw s3Error('InvalidPart')
    return part
  })
  if (selected.slice(0, -1).some(part => part.size < minPartBytes)) throw s3Error('EntityTooSmall')
  return selected
}

/** Returns S3's ETag of a multipart object: the MD5 of the parts' MD5s, and their count. */
export function multipartEtag(parts: readonly Part[]): string {
  const md5 = createHash('md5')
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'))
  return `${md5.digest('hex')}-${parts.length}`
}

/** Completes a multipart upload. The object is the list of its parts' blobs: no byte is read or written again. */
export const completeMultipartUpload: Operation = async call => {
  const { store } = call
  const bucket = requireBucket(call)
  const key = requireKey(call)
  refuseConditionalWrite(call.request)
  const listed = parseParts(await readXml(call))
  const version = await store.commit(transaction => {
    const upload = requireUpload(call, bucket)
    const parts = selectParts(listed, store.uploads.parts(upload))
    const added = store.versions.add(transaction, bucket, key, call.now, {
      size: parts.reduce((sum, part) => sum + part.size, 0),
      etag: multipartEtag(parts),
      headers: upload.headers,
      segments: parts.flatMap(part => part.segments),
    })
    store.uploads.remove(transaction, upload)
    call.events.emit(transaction, 'b2:ObjectCreated:MultipartUpload', bucket, added)
    return added
  })
  return xmlReply(
    [
      'CompleteMultipartUploadResult',
      [
        ['Location', `http://${call.request.message.headers.host ?? 'localhost'}/${bucket.name}/${encodeURI(key)}`],
        ['Bucket', bucket.name],
        ['Key', key],
        ['ETag', `"${version.etag}"`],
      ],
    ],
    { 'x-amz-version-id': version.versionId },
  )
}
