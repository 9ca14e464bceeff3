import type { MediaType } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import type { Run } from '@darkroom/jobs/handler'
import type { PlannedObject } from '@darkroom/jobs/sql'
import { isCopyUnsupported, type Pin } from '@darkroom/storage'
import type { WorkerDeps } from '../deps.ts'
import type { Source } from './source.ts'

/**
 * Copies the verified version to where no client can write, with the type that we found; from then on the upload is
 * given up. Nothing to do when an earlier run did it.
 */
export async function promoteSource(
  deps: WorkerDeps,
  { signal, storeOriginal }: Run,
  source: Source,
  contentType: MediaType,
  target: PlannedObject | null,
): Promise<void> {
  if (!target) return
  const pin = await copyOrUpload(deps, source, contentType, target, signal)
  deps.faults.crashpoint('promote.after-copy')
  await storeOriginal({
    ...pin,
    objectId: target.objectId,
    byteSize: source.byteSize,
    sha256: source.sha256,
    contentType,
    upload: { objectId: source.object.id, presignExpiresAt: source.upload.presignExpiresAt },
  })
  deps.faults.crashpoint('promote.after-commit')
}

async function copyOrUpload(
  { store }: WorkerDeps,
  source: Source,
  contentType: MediaType,
  to: PlannedObject,
  signal: AbortSignal,
): Promise<Pin> {
  const { byteSize, object } = source
  const { bucket, key, versionId, etag } = object
  try {
    return await store.copy(
      { from: { bucket, key, versionId, etag: etag ?? '', byteSize }, to, contentType },
      { signal },
    )
  } catch (error) {
    // Gone or changed since we read it: what we verified is on our disk.
    const isGone = isAppError(error, 'STORE_NOT_FOUND')
    if (!isGone && !isCopyUnsupported(error)) throw error
    const { file, sha256 } = source
    return store.put({ bucket: to.bucket, key: to.key, body: { file }, byteSize, contentType, sha256 }, { signal })
  }
}
