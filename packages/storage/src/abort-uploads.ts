import { listMultipartUploads } from './list-objects.ts'
import { abortMultipartUpload } from './multipart-calls.ts'
import type { CallOptions } from './object-store.ts'
import type { S3Context } from './s3-calls.ts'

/** Aborts every unfinished multipart upload of exactly this key. */
export async function abortUploads(
  context: S3Context,
  { bucket, key }: { bucket: string; key: string },
  { signal }: CallOptions = {},
): Promise<void> {
  for await (const upload of listMultipartUploads(context, { bucket, prefix: key }, { signal })) {
    if (upload.key > key) break
    await abortMultipartUpload(context, { bucket, key, uploadId: upload.uploadId }, signal)
  }
}
