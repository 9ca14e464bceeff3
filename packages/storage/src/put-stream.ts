import { abortMultipartUpload, completeMultipartUpload, createUpload, putPart } from './multipart-calls.ts'
import type { CallOptions, Pin, PutStreamInput, StoredPart } from './object-store.ts'
import { divideIntoParts } from './part-layout.ts'
import { putObject } from './put-object.ts'
import type { S3Context } from './s3-calls.ts'
import { storedHeaders } from './stored-headers.ts'

/** What is held in memory at a time. With 10,000 parts an object may have 160 GB; one that is known to be larger has larger parts. */
const PART_BYTES = 16_000_000

/**
 * Stores a stream whose length nobody knows yet, part by part. The object appears as a whole after the last byte; a stream that fails leaves
 * nothing, and a process that dies leaves an unfinished upload.
 */
export async function putStream(
  context: S3Context,
  { body, byteSize = 0, ...target }: PutStreamInput,
  { signal }: CallOptions = {},
): Promise<Pin & { byteSize: number }> {
  const { partSize } = divideIntoParts(byteSize, PART_BYTES)
  const parts = cutStream(body, partSize)
  const first = await parts.next()
  const head = first.done ? Buffer.alloc(0) : first.value
  if (head.length < partSize) {
    const pin = await putObject(context, { ...target, body: head, byteSize: head.length }, { signal })
    return { ...pin, byteSize: head.length }
  }
  return sendParts(context, target, prepend(head, parts), signal)
}

type Target = Omit<PutStreamInput, 'body' | 'byteSize'>

async function sendParts(
  context: S3Context,
  target: Target,
  parts: AsyncIterable<Buffer>,
  signal: AbortSignal | undefined,
): Promise<Pin & { byteSize: number }> {
  const { uploadId } = await createUpload(context, { ...target, headers: storedHeaders(target) }, signal)
  const upload = { bucket: target.bucket, key: target.key, uploadId }
  const sent: Pick<StoredPart, 'partNumber' | 'etag'>[] = []
  let byteSize = 0
  try {
    for await (const part of parts) {
      sent.push(await putPart(context, { ...upload, partNumber: sent.length + 1, body: part }, signal))
      byteSize += part.length
    }
    const pin = await completeMultipartUpload(context, { ...upload, parts: sent, byteSize }, signal)
    return { ...pin, byteSize }
  } catch (error) {
    await abortMultipartUpload(context, upload).catch(failure =>
      context.logger.warn({ err: failure, key: target.key }, 'parts stay behind until the next clean-up'),
    )
    throw error
  }
}

/** Cuts a stream into parts of the same size, but for the last one. */
async function* cutStream(body: AsyncIterable<Uint8Array>, partSize: number): AsyncGenerator<Buffer, void> {
  let chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length < partSize) continue
    const all = Buffer.concat(chunks)
    let start = 0
    for (; all.length - start >= partSize; start += partSize) yield all.subarray(start, start + partSize)
    chunks = [all.subarray(start)]
    length = all.length - start
  }
  if (length > 0) yield Buffer.concat(chunks)
}

async function* prepend(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}
