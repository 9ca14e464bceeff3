import { CopyObjectCommand, UploadPartCopyCommand } from '@aws-sdk/client-s3'
import { AppError } from '@darkroom/core'
import { deleteVersion } from './delete-object.ts'
import { copyUnsupported, storeNotFound, storeUnavailable, type Target } from './errors.ts'
import { bareEtag, isContentEtag, quotedEtag } from './etag.ts'
import { headObject } from './head-object.ts'
import { type MultipartTransfer, runMultipart } from './multipart.ts'
import type { CallOptions, CopyInput, Pin } from './object-store.ts'
import { toPin } from './pin.ts'
import { pruneOtherVersions } from './prune-versions.ts'
import { attemptS3, type S3Context } from './s3-calls.ts'
import { readS3Failure, type S3Failure, translateS3Error } from './s3-errors.ts'
import { storedHeaders } from './stored-headers.ts'

const encodeKey = (key: string): string => key.split('/').map(encodeURIComponent).join('/')

/** Returns the source fields of a copy: that version, or else that ETag only. */
const copySource = ({ from }: CopyInput) => ({
  CopySource: `${from.bucket}/${encodeKey(from.key)}${from.versionId ? `?versionId=${encodeURIComponent(from.versionId)}` : ''}`,
  CopySourceIfMatch: from.versionId ? undefined : quotedEtag(from.etag),
})

/** Copies by version, and promises by ETag only what can be checked afterwards: Ceph ignores the condition (docs/b2.md). */
export async function copyObject(context: S3Context, input: CopyInput, { signal }: CallOptions = {}): Promise<Pin> {
  const target = { operation: 'CopyObject', ...input.to }
  if (!input.from.versionId && !isContentEtag(input.from.etag)) {
    throw copyUnsupported(target, 'without versions, only an object with a digest for its ETag can be copied safely')
  }
  if (input.from.versionId && (input.from.byteSize ?? 0) > context.config.maxSingleCopyBytes) {
    return copyInParts(context, input, input.from.byteSize ?? 0, signal)
  }
  let pin: Pin
  try {
    pin = await copyOnce(context, input, signal)
  } catch (error) {
    return copyRefused(context, input, error, target, signal)
  }
  if (!input.from.versionId && pin.etag !== bareEtag(input.from.etag)) {
    await deleteVersion(context, { ...input.to, versionId: pin.versionId })
    throw copyUnsupported(target, 'the store copied other bytes than the pinned ones')
  }
  return pin.versionId === null && input.from.versionId ? pinOfCopy(context, input, signal) : pin
}

async function copyOnce(context: S3Context, input: CopyInput, signal: AbortSignal | undefined): Promise<Pin> {
  const target = { operation: 'CopyObject', ...input.to }
  const command = {
    Bucket: input.to.bucket,
    Key: input.to.key,
    ...copySource(input),
    MetadataDirective: 'REPLACE' as const,
    ...storedHeaders(input),
  }
  let attempts = 0
  const answer = await attemptS3(context, target, signal, () => {
    attempts += 1
    return withinTime(copyTimeMs(input), signal, abortSignal =>
      context.client.send(new CopyObjectCommand(command), { abortSignal }),
    )
  })
  const pin = toPin({ VersionId: answer.VersionId, ETag: answer.CopyObjectResult?.ETag })
  // The answer that was lost may have been a success, which left a version that nobody knows of.
  if (attempts > 1) await pruneOtherVersions(context, input.to, pin)
  return pin
}

const COPY_BASE_MS = 30_000
/** A store is silent while it copies; slower than this it never is. */
const COPY_BYTES_PER_MS = 5_000

/** Returns the timeout of a copy. An object of unknown size may be as large as one copy can be. */
const copyTimeMs = ({ from }: CopyInput): number =>
  from.byteSize === undefined ? Number.POSITIVE_INFINITY : COPY_BASE_MS + Math.ceil(from.byteSize / COPY_BYTES_PER_MS)

/** Ends a call that takes longer, as a time-out that may be tried again. */
async function withinTime<T>(
  limitMs: number,
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = Number.isFinite(limitMs) ? AbortSignal.timeout(limitMs) : undefined
  try {
    return await call(AbortSignal.any([signal, limit].filter(each => each !== undefined)))
  } catch (error) {
    throw limit?.aborted && !signal?.aborted ? limit.reason : error
  }
}

const isRefusedAsSuch = ({ status, code }: S3Failure): boolean =>
  status === 501 || (status === 400 && /^(InvalidRequest|InvalidArgument|EntityTooLarge|NotImplemented)$/.test(code))

/**
 * Handles a refused copy: too large for one copy, which is then copied in parts, or a store that cannot copy like this.
 */
async function copyRefused(
  context: S3Context,
  input: CopyInput,
  error: unknown,
  target: Target,
  signal: AbortSignal | undefined,
): Promise<Pin> {
  const failure = readS3Failure(error)
  if (signal?.aborted || !isRefusedAsSuch(failure)) throw translateS3Error(error, target, signal)
  const source = await headObject(context, input.from, { signal })
  if (!source) throw storeNotFound(target, 'the pinned source is gone')
  // Stores word it differently, and may take less in one copy than B2 does.
  const mayBeTooLarge = failure.status === 400 && source.byteSize > SMALLEST_IN_PARTS
  if (input.from.versionId && mayBeTooLarge) return copyInParts(context, input, source.byteSize, signal)
  throw copyUnsupported(target, `${failure.status} ${failure.code}`, error)
}

/** No store refuses to copy less at once: it is the smallest part that S3 takes. */
const SMALLEST_IN_PARTS = 5_000_000

/** @throws what `isCopyUnsupported` knows when the store has no copies in parts either */
async function copyInParts(
  context: S3Context,
  input: CopyInput,
  byteSize: number,
  signal: AbortSignal | undefined,
): Promise<Pin> {
  try {
    return await runMultipart(context, partCopies(context, input, byteSize), signal)
  } catch (error) {
    const failure = readS3Failure(error instanceof AppError ? error.cause : error)
    if (signal?.aborted || !isRefusedAsSuch(failure)) throw error
    const target = { operation: 'UploadPartCopy', ...input.to }
    throw copyUnsupported(target, `${failure.status} ${failure.code}`, error)
  }
}

function partCopies(context: S3Context, input: CopyInput, byteSize: number): MultipartTransfer {
  const { bucket, key } = input.to
  return {
    bucket,
    key,
    byteSize,
    headers: storedHeaders(input),
    async sendPart(part, uploadId, abortSignal) {
      const command = new UploadPartCopyCommand({
        Bucket: bucket,
        Key: key,
        UploadId: uploadId,
        PartNumber: part.number,
        ...copySource(input),
        CopySourceRange: `bytes=${part.start}-${part.start + part.length - 1}`,
      })
      return (await context.client.send(command, { abortSignal })).CopyPartResult?.ETag
    },
  }
}

/** Reads the pin of the copy, because Ceph's response does not contain the version. */
async function pinOfCopy(context: S3Context, { to }: CopyInput, signal: AbortSignal | undefined): Promise<Pin> {
  const head = await headObject(context, to, { signal })
  if (!head) throw storeUnavailable({ operation: 'HeadObject', ...to }, 'the copy is not visible yet')
  return { versionId: head.versionId, etag: head.etag }
}
