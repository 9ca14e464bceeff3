import { abortUploads } from './abort-uploads.ts'
import { deleteAll } from './delete-object.ts'
import type { CallOptions } from './object-store.ts'
import type { S3Context } from './s3-calls.ts'

/** Removes what a key has. Unfinished uploads go first: one that is aborted cannot become a version any more. */
export async function purgeObject(
  context: S3Context,
  { bucket, key }: { bucket: string; key: string },
  { multiparts = false, signal }: CallOptions & { multiparts?: boolean } = {},
): Promise<number> {
  if (multiparts) await abortUploads(context, { bucket, key }, { signal })
  return deleteAll(context, { bucket, key }, { signal })
}
