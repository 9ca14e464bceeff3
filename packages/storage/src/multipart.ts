import type { CreateMultipartUploadCommandInput } from '@aws-sdk/client-s3'
import { abortUploads } from './abort-uploads.ts'
import { storeProtocol } from './errors.ts'
import { abortMultipartUpload, completeUpload, createUpload } from './multipart-calls.ts'
import type { Pin, StoredPart } from './object-store.ts'
import { divideIntoParts, partBytes } from './part-layout.ts'
import { attemptS3, type S3Context } from './s3-calls.ts'
import { readS3Failure, translateS3Error } from './s3-errors.ts'

const PARTS_AT_ONCE = 4
/** The whole upload starts over once: a vault that refuses an upload keeps refusing it (B2_Command_Line_Tool#531). */
const MAX_UPLOADS = 2

export interface Part {
  number: number
  start: number
  length: number
}

export interface MultipartTransfer {
  bucket: string
  key: string
  byteSize: number
  /** Fields for CreateMultipartUpload: type, caching, disposition. */
  headers: Pick<CreateMultipartUploadCommandInput, 'ContentType' | 'CacheControl' | 'ContentDisposition'>
  /** Sends one part and answers its ETag; called anew for every attempt. */
  sendPart(part: Part, uploadId: string, signal: AbortSignal): Promise<string | undefined>
}

export function cutParts(byteSize: number, wantedBytes: number): Part[] {
  const layout = divideIntoParts(byteSize, wantedBytes)
  return Array.from({ length: layout.partCount }, (_, index) => ({
    number: index + 1,
    start: index * layout.partSize,
    length: partBytes(layout, byteSize, index + 1),
  }))
}

/** Runs a multipart upload to its end; what fails is aborted, so that no parts stay behind to be paid for. */
export async function runMultipart(
  context: S3Context,
  transfer: MultipartTransfer,
  signal?: AbortSignal,
): Promise<Pin> {
  const target = { operation: 'MultipartUpload', bucket: transfer.bucket, key: transfer.key }
  for (let upload = 1; ; upload++) {
    try {
      return await runOnce(context, transfer, signal)
    } catch (error) {
      const isVaultBusy = readS3Failure(error).status === 503
      if (upload >= MAX_UPLOADS || !isVaultBusy || signal?.aborted) throw translateS3Error(error, target, signal)
      context.logger.warn(target, 'multipart upload is refused, starting over')
    }
  }
}

async function runOnce(context: S3Context, transfer: MultipartTransfer, signal: AbortSignal | undefined): Promise<Pin> {
  const { uploadId, attempts } = await createUpload(context, transfer, signal)
  try {
    const parts = await sendParts(context, transfer, uploadId, signal)
    return await completeUpload(context, { ...transfer, uploadId, parts }, signal)
  } catch (error) {
    await abortQuietly(context, transfer, () => abortMultipartUpload(context, { ...transfer, uploadId }))
    throw error
  } finally {
    // Nobody else writes the key, so what is still open is what an answer told us of that was lost.
    if (attempts > 1) await abortQuietly(context, transfer, () => abortUploads(context, transfer))
  }
}

type SentPart = Pick<StoredPart, 'partNumber' | 'etag'>

async function sendParts(
  context: S3Context,
  transfer: MultipartTransfer,
  uploadId: string,
  signal: AbortSignal | undefined,
): Promise<SentPart[]> {
  const parts = cutParts(transfer.byteSize, context.config.partBytes)
  const sent: SentPart[] = []
  const firstFailure = new AbortController()
  const partSignal = signal ? AbortSignal.any([signal, firstFailure.signal]) : firstFailure.signal
  const queue = parts.values()
  const lane = async () => {
    for (const part of queue) sent.push(await sendOnePart(context, transfer, part, uploadId, partSignal))
  }
  const lanes = Array.from({ length: Math.min(PARTS_AT_ONCE, parts.length) }, () =>
    lane().catch((error: unknown) => {
      firstFailure.abort(error)
      throw error
    }),
  )
  const failed = (await Promise.allSettled(lanes)).some(result => result.status === 'rejected')
  if (failed) throw signal?.aborted ? signal.reason : firstFailure.signal.reason
  return sent.sort((a, b) => a.partNumber - b.partNumber)
}

async function sendOnePart(
  context: S3Context,
  transfer: MultipartTransfer,
  part: Part,
  uploadId: string,
  signal: AbortSignal,
): Promise<SentPart> {
  const target = { operation: 'UploadPart', bucket: transfer.bucket, key: transfer.key }
  const etag = await attemptS3(context, target, signal, () => transfer.sendPart(part, uploadId, signal))
  if (!etag) throw storeProtocol(target, `part ${part.number} was answered without an ETag`)
  return { partNumber: part.number, etag }
}

async function abortQuietly(context: S3Context, { key }: MultipartTransfer, abort: () => Promise<void>): Promise<void> {
  try {
    await abort()
  } catch (error) {
    context.logger.warn({ err: error, key }, 'parts stay behind until the sweeper or the lifecycle rule')
  }
}
