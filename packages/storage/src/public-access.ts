import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import type { CallOptions } from './object-store.ts'
import { attemptS3, type S3Context } from './s3-calls.ts'
import { isAbsent, readS3Failure } from './s3-errors.ts'

/** Stored at most once in a bucket, and left there: a key without `deleteFiles` could not take it away. */
const PROBE = {
  key: 'public-access-probe',
  text: 'Darkroom reads this without a key, to find out whether anybody can.',
}

/** What somebody without a key gets: its bytes, that it is absent, or anything else. */
type Found = 'bytes' | 'absent' | 'nothing'

/**
 * Returns what proves that anybody can read the objects of a bucket: bytes of ours that came without a key, and nothing less. How a
 * store answers about an absent object of a private bucket is its own affair, so who is told that the probe is absent stores it, once
 * a process, and asks again. Where that cannot be done nothing is proved, and the bucket counts as private.
 * A bucket of AWS whose policy allows GetObject and not ListBucket refuses to say that the probe is absent, and is not noticed.
 */
export function createPublicAccessCheck(context: S3Context, anonymous: S3Client) {
  const tried = new Set<string>()
  return async (bucket: string, { signal }: CallOptions = {}): Promise<boolean> => {
    const found = await readProbe(anonymous, bucket, signal)
    if (found !== 'absent' || tried.has(bucket)) return found === 'bytes'
    tried.add(bucket)
    return (await storeProbe(context, bucket, signal)) && (await readProbe(anonymous, bucket, signal)) === 'bytes'
  }
}

async function readProbe(anonymous: S3Client, bucket: string, signal: AbortSignal | undefined): Promise<Found> {
  try {
    const command = new GetObjectCommand({ Bucket: bucket, Key: PROBE.key })
    const { Body } = await anonymous.send(command, signal ? { abortSignal: signal } : {})
    return (await Body?.transformToString()) === PROBE.text ? 'bytes' : 'nothing'
  } catch (error) {
    return isAbsent(readS3Failure(error)) ? 'absent' : 'nothing'
  }
}

/** Stores the probe unless it is there: a version for every start of every process would make the key a hot one. */
async function storeProbe(context: S3Context, bucket: string, signal: AbortSignal | undefined): Promise<boolean> {
  const target = { operation: 'PutObject', bucket, key: PROBE.key }
  const options = signal ? { abortSignal: signal } : {}
  const place = { Bucket: bucket, Key: PROBE.key }
  try {
    if ((await readProbe(context.client, bucket, signal)) === 'bytes') return true
    const command = new PutObjectCommand({ ...place, Body: PROBE.text, ContentType: 'text/plain' })
    await attemptS3(context, target, signal, () => context.client.send(command, options))
    return true
  } catch (err) {
    context.logger.warn({ err, bucket }, 'cannot find out whether anybody can read the bucket')
    return false
  }
}
