import { createHash } from 'node:crypto'
import { s3Error } from '../errors.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { maxPartNumber, maxSinglePutBytes } from '../limits.ts'
import { sliceSegments } from '../store/blob-references.ts'
import { type Call, integerParameter, type Operation, requireBucket } from './call.ts'
import { copySource, findCopySource } from './copy-source.ts'
import { requireUpload } from './multipart-uploads.ts'

function partNumber(call: Call): number {
  return integerParameter(call, 'partNumber', { min: 1, max: maxPartNumber })
}

export const uploadPart: Operation = async call => {
  const bucket = requireBucket(call)
  const number = partNumber(call)
  requireUpload(call, bucket)
  const body = call.body()
  const segment = await call.store.blobs.write(body.chunks)
  const etag = body.md5().toString('hex')
  await call.store.commit(transaction => {
    const part = { number, size: segment[2], etag, createdAt: call.now, segments: [segment] }
    // Looked up again: the upload may have been completed or aborted while the bytes came in.
    call.store.uploads.putPart(transaction, requireUpload(call, bucket), part)
  })
  return emptyReply(200, { etag: `"${etag}"` })
}

function sourceRange(header: string | undefined, size: number): { start: number; length: number } {
  if (header === undefined) return { start: 0, length: size }
  const match = /^bytes=(\d+)-(\d+)$/.exec(header)
  const start = Number(match?.[1])
  const end = Number(match?.[2])
  if (!match || start > end) {
    throw s3Error('InvalidArgument', 'The x-amz-copy-source-range value must be of the form bytes=first-last')
  }
  if (end >= size) throw s3Error('InvalidArgument', `Range specified is not valid for source object of size: ${size}`)
  return { start, length: end - start + 1 }
}

/** Shares the source's bytes. They are read once, for the part's MD5, unless the whole of a single-part source is taken. */
export const uploadPartCopy: Operation = async call => {
  const { request, store } = call
  const bucket = requireBucket(call)
  const number = partNumber(call)
  requireUpload(call, bucket)
  const source = findCopySource(call, copySource(call))
  const { start, length } = sourceRange(request.header('x-amz-copy-source-range'), source.size)
  if (length > maxSinglePutBytes) throw s3Error('EntityTooLarge')
  const segments = sliceSegments(source.segments, start, length)
  const { chunks, release } = store.blobs.read(segments)
  try {
    const md5 = createHash('md5')
    const isWhole = length === source.size && !source.etag.includes('-')
    if (!isWhole) for await (const chunk of chunks) md5.update(chunk)
    const etag = isWhole ? source.etag : md5.digest('hex')
    await store.commit(transaction => {
      // The source must still be there: its blobs are counted only through it until this part holds them too.
      if (segments.length > 0 && !store.hasBlobs(segments)) throw s3Error('NoSuchKey')
      const part = { number, size: length, etag, createdAt: call.now, segments }
      store.uploads.putPart(transaction, requireUpload(call, bucket), part)
    })
    return xmlReply(
      [
        'CopyPartResult',
        [
          ['LastModified', new Date(call.now).toISOString()],
          ['ETag', `"${etag}"`],
        ],
      ],
      { 'x-amz-copy-source-version-id': source.versionId },
    )
  } finally {
    release()
  }
}
