import { findObject, getObject, type StoredObject } from '@darkroom/db/assets'
import type { DatabaseClient } from '@darkroom/db/client'
import { type ScannedObject, scanObjects } from '@darkroom/db/operations'
import { KEY_PREFIXES, type ListedVersion, type ObjectStore } from '@darkroom/storage'
import type { WorkerSettings } from '../deps.ts'
import { mergeByKey } from './merge-by-key.ts'

/** What a comparison of rows and store finds. */
export type Orphan =
  | {
      /** Bytes that no row accounts for: foreign, or left by something that went wrong. May be removed. */
      type: 'object_without_row'
      bucket: string
      key: string
      versionId: string | null
      byteSize: number
      lastModified: Date
    }
  | {
      /** A published object that the store does not have, or not in the version that the row names. */
      type: 'missing_object'
      bucket: string
      key: string
      objectId: string
      assetId: string
    }
  | { type: 'open_multipart'; bucket: string; key: string; uploadId: string; initiated: Date }

/** Younger than this, an object may be on its way into a row's state. */
const GRACE_MS = 3_600_000

interface ScanDeps {
  database: DatabaseClient
  store: ObjectStore
  settings: Pick<WorkerSettings, 'privateBucket' | 'publicBucket'>
}

interface ScanOptions {
  signal?: AbortSignal
  /** Objects younger than this are left out. Default one hour. */
  graceMs?: number
}

/**
 * Compares every row with every object below our prefixes, in both directions, in one pass over two sorted streams:
 * memory does not grow with the bucket, and no statement lasts as long as the store takes to list it.
 */
export async function* scanOrphans(
  { database, store, settings }: ScanDeps,
  { signal, graceMs = GRACE_MS }: ScanOptions = {},
): AsyncGenerator<Orphan> {
  const before = new Date((await database.now()).getTime() - graceMs)
  const buckets = [settings.privateBucket, ...(settings.publicBucket ? [settings.publicBucket] : [])]
  for (const bucket of buckets) {
    for (const prefix of KEY_PREFIXES) {
      const rows = scanObjects(database.db, { bucket, prefix })
      const versions = store.listVersions({ bucket, prefix }, { signal })
      for await (const { rows: here, versions: there } of mergeByKey(rows, versions)) {
        for (const orphan of compareKey(bucket, here[0], there, before)) {
          if (await isSo({ database, store }, orphan)) yield orphan
        }
      }
      yield* openMultiparts({ database, store }, { bucket, prefix, before, signal })
    }
  }
}

/** Checks an orphan again. Rows and store are read in pages at different times, and both change meanwhile. */
async function isSo({ database: { db }, store }: Pick<ScanDeps, 'database' | 'store'>, orphan: Orphan) {
  if (orphan.type === 'missing_object') {
    const row = await getObject(db, orphan.objectId)
    if (row?.state !== 'live' || (await store.head(row))) return false
    // In this order: what is live now was in the store a moment ago.
    return (await getObject(db, orphan.objectId))?.state === 'live'
  }
  const row = await findObject(db, orphan)
  if (!row) return true
  return row.state === 'live' && (orphan.type === 'open_multipart' || !isPinned(row, orphan))
}

function* compareKey(
  bucket: string,
  row: ScannedObject | undefined,
  versions: ListedVersion[],
  before: Date,
): Generator<Orphan> {
  // What is being written or removed has an owner who clears up.
  if (row && row.state !== 'live') return
  const isOurs = (version: ListedVersion) => row !== undefined && !version.isDeleteMarker && isPinned(row, version)
  if (row && !versions.some(isOurs)) {
    yield { type: 'missing_object', bucket, key: row.key, objectId: row.id, assetId: row.assetId }
  }
  for (const { key, versionId, byteSize, lastModified } of versions.filter(version => !isOurs(version))) {
    if (lastModified < before) yield { type: 'object_without_row', bucket, key, versionId, byteSize, lastModified }
  }
}

const isPinned = (row: Pick<StoredObject, 'versionId'>, { versionId }: Pick<ListedVersion, 'versionId'>): boolean =>
  row.versionId === null || row.versionId === versionId

async function* openMultiparts(
  { database, store }: Pick<ScanDeps, 'database' | 'store'>,
  { bucket, prefix, before, signal }: { bucket: string; prefix: string; before: Date; signal: AbortSignal | undefined },
): AsyncGenerator<Orphan> {
  const uploads = store.listMultipartUploads({ bucket, prefix }, { signal })
  const rows = scanObjects(database.db, { bucket, prefix })
  const listed = (async function* () {
    for await (const upload of uploads) yield upload
  })()
  for await (const { rows: here, versions: open } of mergeByKey(rows, listed)) {
    if (here.some(row => row.state !== 'live')) continue
    for (const { key, uploadId, initiated } of open) {
      const orphan: Orphan = { type: 'open_multipart', bucket, key, uploadId, initiated }
      if (initiated < before && (await isSo({ database, store }, orphan))) yield orphan
    }
  }
}

/** Removes what a scan found, where removing is right: bytes that nobody accounts for. */
export async function removeOrphan(store: ObjectStore, orphan: Orphan): Promise<boolean> {
  switch (orphan.type) {
    case 'object_without_row':
      await store.deleteVersion(orphan)
      return true
    case 'open_multipart':
      await store.abortMultipartUpload(orphan)
      return true
    case 'missing_object':
      return false
  }
}
