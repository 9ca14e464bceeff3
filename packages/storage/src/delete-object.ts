import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import { listRawVersions } from './list-objects.ts'
import type { CallOptions } from './object-store.ts'
import { attemptS3, type S3Context } from './s3-calls.ts'
import { isAbsent, readS3Failure, translateS3Error } from './s3-errors.ts'

/**
 * Deletes one version for good. Without a version it deletes by name, which on a versioned bucket only hides; give null only
 * for objects of an unversioned store.
 */
export async function deleteVersion(
  context: S3Context,
  { bucket, key, versionId }: { bucket: string; key: string; versionId: string | null },
  { signal }: CallOptions = {},
): Promise<void> {
  const target = { operation: 'DeleteObject', bucket, key }
  const input = { Bucket: bucket, Key: key, VersionId: versionId ?? undefined }
  try {
    await attemptS3(context, target, signal, () =>
      context.client.send(new DeleteObjectCommand(input), signal ? { abortSignal: signal } : {}),
    )
  } catch (error) {
    const failure = readS3Failure(error)
    if (failure.status !== 404 || !isAbsent(failure)) throw translateS3Error(error, target, signal)
  }
}

const PASSES = 3

/** Deletes every version and marker of exactly this key, and looks again, so that a write meanwhile does not survive. */
export async function deleteAll(
  context: S3Context,
  { bucket, key }: { bucket: string; key: string },
  options: CallOptions = {},
): Promise<number> {
  let deleted = 0
  for (let pass = 0; pass < PASSES; pass++) {
    const before = deleted
    for await (const version of listRawVersions(context, { bucket, prefix: key }, options)) {
      if (version.key > key) break
      await deleteVersion(context, { bucket, key, versionId: version.rawVersionId }, options)
      deleted++
    }
    if (deleted === before) break
  }
  return deleted
}
