import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { type DatabaseClient, isDatabaseUnavailable } from '@darkroom/db/client'
import { importManifests, type RebuiltManifest } from '@darkroom/db/lineage'
import { type ObjectStore, ORIGINAL_PREFIX, revisionOfManifest } from '@darkroom/storage'
import { MANIFEST_TYPE, parseManifest } from './manifest.ts'

interface RebuildDeps {
  database: Pick<DatabaseClient, 'db'>
  store: ObjectStore
  /** The one of the originals. */
  bucket: string
}

export interface RebuildProgress {
  /** Manifests that were read so far. */
  read: number
  /** Assets whose rows were made; the others were there already. */
  inserted: number
  /** Keys of manifests that could not be read, or whose rows the database refused. */
  unreadable: string[]
}

/** Manifests that are read, and inserted in one transaction. */
const BATCH = 200
const READS_AT_ONCE = 16

/**
 * Makes the rows of all assets that have a manifest in the bucket. What is there stays as it is, so it can be repeated, also after it was
 * killed. Yields the progress after each batch.
 */
export async function* rebuildDatabase(deps: RebuildDeps, signal?: AbortSignal): AsyncGenerator<RebuildProgress> {
  const progress: RebuildProgress = { read: 0, inserted: 0, unreadable: [] }
  for await (const keys of inBatches(newestManifests(deps, signal))) {
    const manifests = await readManifests(deps, keys, progress, signal)
    progress.inserted += await importAll(deps, manifests, progress)
    progress.read += keys.length
    yield { ...progress }
  }
}

/** Inserts a batch at once, or one by one when the database refuses it, so that one manifest does not hold up the others. */
async function importAll(
  { database: { db } }: RebuildDeps,
  manifests: readonly RebuiltManifest[],
  { unreadable }: RebuildProgress,
): Promise<number> {
  const insert = async (some: readonly RebuiltManifest[]) =>
    (await db.transaction(tx => importManifests(tx, some))).length
  try {
    return await insert(manifests)
  } catch (error) {
    if (isDatabaseUnavailable(error)) throw error
  }
  let inserted = 0
  for (const manifest of manifests) {
    try {
      inserted += await insert([manifest])
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error
      unreadable.push(manifest.object.key)
    }
  }
  return inserted
}

interface FoundManifest {
  key: string
  versionId: string | null
}

/** Lists the manifest of the highest revision of each asset. Keys come in order, so those of an asset lie beside each other. */
async function* newestManifests({ store, bucket }: RebuildDeps, signal?: AbortSignal): AsyncGenerator<FoundManifest> {
  let best: (FoundManifest & { folder: string; revision: number }) | undefined
  for await (const { key, versionId, isDeleteMarker } of store.listVersions(
    { bucket, prefix: ORIGINAL_PREFIX },
    { signal },
  )) {
    const revision = revisionOfManifest(key)
    if (revision === null || isDeleteMarker) continue
    const folder = key.slice(0, key.lastIndexOf('/'))
    if (best && best.folder !== folder) yield best
    if (best?.folder !== folder || best.revision < revision) best = { key, versionId, folder, revision }
  }
  if (best) yield best
}

async function* inBatches<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function readManifests(
  { store, bucket }: RebuildDeps,
  found: readonly FoundManifest[],
  { unreadable }: RebuildProgress,
  signal: AbortSignal | undefined,
): Promise<RebuiltManifest[]> {
  const manifests: RebuiltManifest[] = []
  const queue = found.values()
  const lane = async () => {
    for (const { key, versionId } of queue) {
      const { body, head } = await store.get({ bucket, key, versionId }, { signal })
      const bytes = await buffer(body)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const { etag } = head
      const object = { bucket, key, versionId, etag, bytes: bytes.length, sha256, contentType: MANIFEST_TYPE }
      try {
        manifests.push({ rows: parseManifest(bytes), object })
      } catch {
        unreadable.push(key)
      }
    }
  }
  await Promise.all(Array.from({ length: READS_AT_ONCE }, lane))
  return manifests
}
