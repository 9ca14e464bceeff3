import { statfs } from 'node:fs/promises'
import { makeFolder } from '@darkroom/core/durable-files'
import { minFreeBytes } from '../limits.ts'
import { createKeyRepository } from './application-keys.ts'
import { openBlobFiles, type Segment } from './blob-files.ts'
import { createBlobReferences } from './blob-references.ts'
import { createBucketRepository } from './buckets.ts'
import { openDatabase } from './database.ts'
import { createListing } from './listing.ts'
import { createOutbox } from './outbox.ts'
import { createUploadRepository } from './uploads.ts'
import { createVersionRepository } from './versions.ts'

export type Store = Awaited<ReturnType<typeof openStore>>

/** Opens the folder, takes its lock, and removes what a killed process left half written. */
export async function openStore(dataDir: string, minFree: number = minFreeBytes) {
  await makeFolder(dataDir)
  const database = openDatabase(dataDir)
  try {
    const blobs = await openBlobFiles(dataDir)
    const references = createBlobReferences(database, blobs)
    const sweptBlobs = await blobs.sweep(references.has)
    return {
      sweptBlobs,
      commit: database.commit,
      blobs,
      /** Whether the disk has no room for more. */
      async isFull() {
        const { bavail, bsize } = await statfs(dataDir)
        return bavail * bsize < minFree
      },
      /** Whether every blob is still referred to by some version or part. */
      hasBlobs: (segments: readonly Segment[]) => segments.every(([file]) => references.has(file)),
      buckets: createBucketRepository(database),
      keys: createKeyRepository(database),
      versions: createVersionRepository(database, references),
      listing: createListing(database),
      uploads: createUploadRepository(database, references),
      outbox: createOutbox(database),
      async close() {
        database.close()
        await blobs.close()
      },
    }
  } catch (cause) {
    database.close()
    throw cause
  }
}
