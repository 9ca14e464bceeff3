import { deleteAll } from './delete-object.ts'
import { listMultipartUploads } from './list-objects.ts'
import { abortMultipartUpload } from './multipart-calls.ts'
import type { CallOptions } from './object-store.ts'
import type { S3Context } from './s3-calls.ts'

/** Removes what a key has. Unfinished uploads go first: one that is aborted cannot become a version any more. */
export async function purgeObject(
  context: S3Context,
  { bucket, key }: { bucket: string; key: string },
  { multiparts = false, signal }: CallOptions & { multiparts?: boolean } = {},
): Promise<number> {
  if (multiparts) {
    for await (const upload of listMultipartUploads(context, { bucket, prefix: key }, { signal })) {
      if (upload.key > key) break
      await abortMultipartUpload(context, { bucket, key, uploadId: upload.uploadId }, signal)
    }
  }
  return deleteAll(context, { bucket, key }, { signal })
}
