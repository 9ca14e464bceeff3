import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  ListPartsCommand,
  type ListPartsCommandOutput,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { partsRefused, storeProtocol, storeUnavailable } from './errors.ts'
import { bareEtag, quotedEtag } from './etag.ts'
import { headObject } from './head-object.ts'
import type { CompleteMultipartInput, MultipartRef, Pin, PutPartInput, StoredPart } from './object-store.ts'
import { toPin } from './pin.ts'
import { attemptS3, callS3, type S3Context } from './s3-calls.ts'
import { isAbsent, readS3Failure, translateS3Error } from './s3-errors.ts'

interface NewUpload {
  bucket: string
  key: string
  headers: Pick<CreateMultipartUploadCommandInput, 'ContentType' | 'CacheControl' | 'ContentDisposition'>
}

/** Opens an upload. When it took more than one attempt, an answer that was lost may have left another one open. */
export async function createUpload(
  context: S3Context,
  { bucket, key, headers }: NewUpload,
  signal?: AbortSignal,
): Promise<{ uploadId: string; attempts: number }> {
  const target = { operation: 'CreateMultipartUpload', bucket, key }
  const input = { Bucket: bucket, Key: key, ...headers }
  let attempts = 0
  const { UploadId: uploadId } = await callS3(context, target, signal, () => {
    attempts += 1
    return context.client.send(new CreateMultipartUploadCommand(input), signal ? { abortSignal: signal } : {})
  })
  if (!uploadId) throw storeProtocol(target, 'the answer has no upload id')
  return { uploadId, attempts }
}

/** Stores one part that is in memory. */
export async function putPart(
  context: S3Context,
  { bucket, key, uploadId, partNumber, body }: PutPartInput,
  signal?: AbortSignal,
): Promise<Pick<StoredPart, 'partNumber' | 'etag'>> {
  const target = { operation: 'UploadPart', bucket, key }
  const input = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumber: partNumber, Body: body }
  const { ETag: etag } = await callS3(context, target, signal, () =>
    context.client.send(new UploadPartCommand(input), signal ? { abortSignal: signal } : {}),
  )
  if (!etag) throw storeProtocol(target, `part ${partNumber} was answered without an ETag`)
  return { partNumber, etag: bareEtag(etag) }
}

/** Lists the parts that arrived, by number; null when there is no such upload. */
export async function listParts(
  context: S3Context,
  { bucket, key, uploadId }: MultipartRef,
  signal?: AbortSignal,
): Promise<StoredPart[] | null> {
  const target = { operation: 'ListParts', bucket, key }
  const parts: StoredPart[] = []
  let marker: string | undefined
  do {
    const input = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumberMarker: marker }
    let page: ListPartsCommandOutput
    try {
      page = await attemptS3(context, target, signal, () =>
        context.client.send(new ListPartsCommand(input), signal ? { abortSignal: signal } : {}),
      )
    } catch (error) {
      if (isAbsent(readS3Failure(error))) return null
      throw translateS3Error(error, target, signal)
    }
    for (const { PartNumber = 0, ETag = '', Size = 0 } of page.Parts ?? []) {
      parts.push({ partNumber: PartNumber, etag: bareEtag(ETag), byteSize: Size })
    }
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined
  } while (marker)
  return parts
}

/** Puts the parts together; throws what fails as it came. */
export async function completeUpload(
  context: S3Context,
  input: CompleteMultipartInput,
  signal?: AbortSignal,
): Promise<Pin> {
  const { bucket, key, uploadId } = input
  const target = { operation: 'CompleteMultipartUpload', bucket, key }
  const Parts = input.parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: quotedEtag(etag) }))
  const command = { Bucket: bucket, Key: key, UploadId: uploadId, MultipartUpload: { Parts } }
  try {
    const answer = await attemptS3(context, target, signal, () =>
      context.client.send(new CompleteMultipartUploadCommand(command), signal ? { abortSignal: signal } : {}),
    )
    const pin = toPin(answer)
    return pin.versionId ? pin : await pinOf(context, input, signal)
  } catch (error) {
    if (signal?.aborted) throw error
    return adoptFinished(context, input, signal, error)
  }
}

/**
 * Accepts an object that is already complete: the answer was lost or another call was faster, so the retry finds no
 * upload (docs/b2.md, limits).
 */
async function adoptFinished(
  context: S3Context,
  input: CompleteMultipartInput,
  signal: AbortSignal | undefined,
  error: unknown,
): Promise<Pin> {
  const head = await headObject(context, input, { signal })
  if (head?.byteSize !== input.byteSize) throw error
  return { versionId: head.versionId, etag: head.etag }
}

async function pinOf(context: S3Context, input: CompleteMultipartInput, signal?: AbortSignal): Promise<Pin> {
  const head = await headObject(context, input, { signal })
  if (head?.byteSize === input.byteSize) return { versionId: head.versionId, etag: head.etag }
  const target = { operation: 'HeadObject', bucket: input.bucket, key: input.key }
  throw storeUnavailable(target, 'the finished upload is not visible yet')
}

const PARTS_REFUSED = /^(InvalidPart|InvalidPartOrder|EntityTooSmall)$/

/** Puts the parts of a client together; what fails is an `AppError` or the reason of the abort. */
export async function completeMultipartUpload(
  context: S3Context,
  input: CompleteMultipartInput,
  signal?: AbortSignal,
): Promise<Pin> {
  const target = { operation: 'CompleteMultipartUpload', bucket: input.bucket, key: input.key }
  try {
    return await completeUpload(context, input, signal)
  } catch (error) {
    const { code } = readS3Failure(error)
    if (!signal?.aborted && PARTS_REFUSED.test(code)) throw partsRefused(target, code, error)
    throw translateS3Error(error, target, signal)
  }
}

/** Frees the parts; an upload that is already gone is fine. */
export async function abortMultipartUpload(
  context: S3Context,
  { bucket, key, uploadId }: MultipartRef,
  signal?: AbortSignal,
): Promise<void> {
  const target = { operation: 'AbortMultipartUpload', bucket, key }
  const input = { Bucket: bucket, Key: key, UploadId: uploadId }
  try {
    await attemptS3(context, target, signal, () =>
      context.client.send(new AbortMultipartUploadCommand(input), signal ? { abortSignal: signal } : {}),
    )
  } catch (error) {
    if (!isAbsent(readS3Failure(error))) throw translateS3Error(error, target, signal)
  }
}
