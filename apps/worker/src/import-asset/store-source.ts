import { kindToTry } from '@darkroom/contracts'
import type { Run } from '@darkroom/jobs/handler'
import type { ImportedBytes } from '@darkroom/jobs/sql'
import { uploadKey } from '@darkroom/storage'
import type { WorkerDeps } from '../deps.ts'
import type { FetchedSource } from './fetch-source.ts'

/** Puts a fetched file where a client would have put it, under a key of this run's own. The row comes first. */
export async function storeSource(
  { store, settings }: WorkerDeps,
  { asset, signal, reserveImport }: Run,
  { file, byteSize, sha256, contentType }: FetchedSource,
): Promise<ImportedBytes> {
  const place = { bucket: settings.privateBucket, key: uploadKey(asset.projectId, asset.id) }
  const objectId = await reserveImport({ ...place, contentType })
  const pin = await store.put({ ...place, body: { file }, byteSize, contentType, sha256 }, { signal })
  return { ...pin, objectId, byteSize, sha256, contentType, queue: kindToTry(contentType) }
}
