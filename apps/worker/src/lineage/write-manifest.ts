import { createHash } from 'node:crypto'
import { beginManifest, publishManifest } from '@darkroom/db/lineage'
import { manifestKey, revisionOfManifest } from '@darkroom/storage'
import type { MaintenanceDeps } from '../maintenance/task.ts'
import { MANIFEST_TYPE, manifestBytes } from './manifest.ts'

const KEYS = { mintKey: manifestKey, revisionOf: (key: string) => revisionOfManifest(key) ?? -1 }

/**
 * Writes the manifest of an asset's present revision, if it is ready and has none. Each revision has a key of its own, so no key gets many
 * versions. A kill leaves an object whose row says that it was being written; the next manifest of the asset gives it up.
 */
export async function writeManifest(
  { database: { db }, store, settings }: Pick<MaintenanceDeps, 'database' | 'store' | 'settings'>,
  assetId: string,
  signal: AbortSignal,
): Promise<void> {
  const started = await db.transaction(tx => beginManifest(tx, assetId, KEYS))
  if (!started) return
  const { bucket, key } = started.object
  const body = manifestBytes(started.rows, settings.engines)
  const sha256 = createHash('sha256').update(body).digest('hex')
  const input = { bucket, key, body, byteSize: body.length, contentType: MANIFEST_TYPE, sha256 }
  const pin = await store.put(input, { signal })
  const written = { ...pin, bytes: body.length, sha256, contentType: MANIFEST_TYPE }
  await db.transaction(tx => publishManifest(tx, started.object, written))
}
