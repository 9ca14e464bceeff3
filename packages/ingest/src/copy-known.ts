import type { Logger } from '@darkroom/core'
import { type AssetRecord, findOriginalOf, readAssetRecord, type StoredObject } from '@darkroom/db/assets'
import { findUpload, type Upload } from '@darkroom/db/uploads'
import { confirmArrived } from './confirm-arrived.ts'
import type { IngestDeps } from './deps.ts'
import type { Place } from './multipart-upload.ts'

interface CopyDeps extends IngestDeps {
  logger: Logger
}

/** A store copies within itself; one that takes longer is slower than it is worth waiting for. */
const COPY_TIMEOUT_MS = 20_000

/**
 * Spares the client an upload whose bytes the project has: the store copies the verified original to where the client
 * would have put them, and from there on all goes as if it had. No two assets ever share an object, so that deleting one
 * never takes from the other.
 * @returns the asset, being processed; null when the bytes have to be sent after all
 */
export async function copyKnown(
  deps: CopyDeps,
  upload: Upload,
  { place, sha256 }: { place: Place; sha256: string },
): Promise<AssetRecord | null> {
  const { db } = deps.database
  const { projectId, byteSize } = upload
  const original = await findOriginalOf(db, projectId, { sha256, byteSize })
  if (!original || !(await isCopied(deps, original, upload, place))) return null
  const found = await findUpload(db, projectId, upload.id)
  if (!found) throw new Error(`upload ${upload.id} was recorded and is gone`)
  const { asset } = await confirmArrived(deps, found, { by: 'client' })
  return readAssetRecord(db, asset)
}

async function isCopied(
  { store, logger }: CopyDeps,
  { bucket, key, versionId, etag }: StoredObject,
  { id, byteSize, contentType }: Upload,
  to: Place,
): Promise<boolean> {
  try {
    const from = { bucket, key, versionId, etag: etag ?? '', byteSize }
    await store.copy({ from, to, contentType }, { signal: AbortSignal.timeout(COPY_TIMEOUT_MS) })
    return true
  } catch (error) {
    // Deleted meanwhile, too slow, or a store that cannot: the client has the bytes, so it sends them.
    logger.warn({ err: error, uploadId: id }, 'could not copy a known file; the client has to upload it')
    return false
  }
}
