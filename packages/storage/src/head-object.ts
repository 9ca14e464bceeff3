import { HeadBucketCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import type { CallOptions, ObjectHead, ObjectRef } from './object-store.ts'
import { toHead } from './pin.ts'
import { attemptS3, type S3Context } from './s3-calls.ts'
import { isAbsent, readS3Failure, translateS3Error } from './s3-errors.ts'

/** Reads the head of an object; null when the object, or that version, is absent or hidden. */
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
    return toHead(answer)
  } catch (error) {
    if (isAbsent(readS3Failure(error))) return null
    throw translateS3Error(error, target, signal)
  }
}

/** What only our own store answers: B2 refuses the upload itself. RFC 4918 section 11.5. */
const INSUFFICIENT_STORAGE = 507

export async function checkBucket(
  context: S3Context,
  bucket: string,
  { signal }: CallOptions = {},
): Promise<{ isFull: boolean }> {
  const target = { operation: 'HeadBucket', bucket }
  try {
    await attemptS3(context, target, signal, () =>
      context.client.send(new HeadBucketCommand({ Bucket: bucket }), signal ? { abortSignal: signal } : {}),
    )
    return { isFull: false }
  } catch (error) {
    if (readS3Failure(error).status === INSUFFICIENT_STORAGE) return { isFull: true }
    throw translateS3Error(error, target, signal)
  }
}
