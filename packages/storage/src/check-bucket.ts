import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { CallOptions } from './object-store.ts'
import { attemptS3, type S3Context } from './s3-calls.ts'
import { readS3Failure, type S3Failure, translateS3Error } from './s3-errors.ts'

/** Nothing is ever stored under this key: a store that says so can be reached, knows our key and has the bucket. */
const PROBE_KEY = 'readiness-probe'

/**
 * Asks for one byte of an absent object. HeadBucket would need `listBuckets`, which neither process has another use for
 * (https://www.backblaze.com/docs/cloud-storage-s3-compatible-app-keys), and its errors say no cause, having no body.
 * @throws AppError as every call of the store
 */
export async function checkBucket(
  context: S3Context,
  bucket: string,
  { signal }: CallOptions = {},
): Promise<{ isFull: boolean }> {
  const target = { operation: 'GetObject', bucket, key: PROBE_KEY }
  try {
    await attemptS3(context, target, signal, () => probe(context.client, bucket, signal))
    return { isFull: false }
  } catch (error) {
    const failure = readS3Failure(error)
    if (isKeyAbsent(failure)) return { isFull: failure.isStoreFull }
    throw translateS3Error(error, target, signal)
  }
}

async function probe(client: S3Client, bucket: string, signal: AbortSignal | undefined): Promise<void> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: PROBE_KEY, Range: 'bytes=0-0' })
  const { Body } = await client.send(command, signal ? { abortSignal: signal } : {})
  await Body?.transformToByteArray()
}

const isKeyAbsent = ({ status, code }: S3Failure): boolean => status === 404 && code !== 'NoSuchBucket'
