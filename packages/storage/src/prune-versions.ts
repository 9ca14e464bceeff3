import { deleteVersion } from './delete-object.ts'
import { listRawVersions } from './list-objects.ts'
import type { Pin } from './object-store.ts'
import type { S3Context } from './s3-calls.ts'

/**
 * Deletes every version of a key but the pinned one. What cannot be deleted now goes with the key: it must not fail a PUT
 * or a copy that succeeded.
 */
export async function pruneOtherVersions(
  context: S3Context,
  { bucket, key }: { bucket: string; key: string },
  pin: Pin,
): Promise<void> {
  if (pin.versionId === null) return
  try {
    for await (const version of listRawVersions(context, { bucket, prefix: key })) {
      if (version.key !== key || version.rawVersionId === pin.versionId) continue
      await deleteVersion(context, { bucket, key, versionId: version.rawVersionId })
    }
  } catch (error) {
    context.logger?.warn({ err: error, bucket, key }, 'versions of a repeated write could not be deleted')
  }
}
