import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import type { CallOptions, ObjectHead, ObjectRef } from './object-store.ts'
import { toHead } from './pin.ts'
import { attemptS3, type S3Context } from './s3-calls.ts'
import { isAbsent, isRetryable, readS3Failure, translateS3Error } from './s3-errors.ts'

/**
 * Reads the head of an object; null when the object, or that version, is absent or hidden.
 * @throws AppError that says the cause as far as a GET tells it
 */
export async function headObject(
  context: S3Context,
  { bucket, key, versionId }: ObjectRef,
  { signal }: CallOptions = {},
): Promise<ObjectHead | null> {
  const target = { operation: 'HeadObject', bucket, key }
  const input = { Bucket: bucket, Key: key, VersionId: versionId ?? undefined }
  try {
    const answer = await attemptS3(context, target, signal, () =>
      context.client.send(new HeadObjectCommand(input), signal ? { abortSignal: signal } : {}),
    )
    context.knownBuckets.add(bucket)
    return toHead(answer)
  } catch (error) {
    const cause = await causeOf(context, input, error, signal)
    if (isAbsent(readS3Failure(cause))) return null
    throw translateS3Error(cause, target, signal)
  }
}

/**
 * Returns what a GET of the same object says: the answer to a HEAD has no body, so that an absent bucket looks like an absent object, and
 * a wrong secret like a cap that is reached. That the bucket is there is asked once.
 */
async function causeOf(
  context: S3Context,
  input: { Bucket: string; Key: string; VersionId: string | undefined },
  error: unknown,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const failure = readS3Failure(error)
  if (signal?.aborted || failure.status === 0 || isRetryable(failure)) return error
  if (isAbsent(failure) && context.knownBuckets.has(input.Bucket)) return error
  try {
    const command = new GetObjectCommand({ ...input, Range: 'bytes=0-0' })
    const { Body } = await context.client.send(command, signal ? { abortSignal: signal } : {})
    await Body?.transformToByteArray()
    return error
  } catch (cause) {
    const told = readS3Failure(cause)
    if (isAbsent(told)) context.knownBuckets.add(input.Bucket)
    return told.status === failure.status ? cause : error
  }
}
