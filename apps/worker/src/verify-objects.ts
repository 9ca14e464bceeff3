import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { isAppError } from '@darkroom/core'
import type { StoredObject } from '@darkroom/db/assets'
import type { DatabaseClient } from '@darkroom/db/client'
import { allObjects, isStillLive, sampleObjects } from '@darkroom/db/lineage'
import type { ObjectStore } from '@darkroom/storage'

/** A stored file that was read again. */
export interface VerifiedObject {
  object: Pick<StoredObject, 'id' | 'assetId' | 'bucket' | 'key' | 'bytes' | 'sha256'>
  /** `same`, or what is wrong with it. */
  outcome: 'same' | 'different' | 'missing'
}

interface VerifyDeps {
  database: Pick<DatabaseClient, 'db'>
  store: ObjectStore
}

/** Downloads all published files, or as many that are drawn at random, and compares each with its SHA-256. Memory does not grow with a file. */
export async function* verifySample(
  deps: VerifyDeps,
  count: number | 'all',
  signal?: AbortSignal,
): AsyncGenerator<VerifiedObject> {
  const { db } = deps.database
  for await (const object of count === 'all' ? allObjects(db) : await sampleObjects(db, count)) {
    const outcome = await verifyObject(deps, object, signal)
    if (outcome) yield { object, outcome }
  }
}

/** @returns null for a file that was replaced or deleted meanwhile */
async function verifyObject(
  { database: { db }, store }: VerifyDeps,
  object: StoredObject,
  signal: AbortSignal | undefined,
): Promise<VerifiedObject['outcome'] | null> {
  const found = await hashOf(store, object, signal)
  if (found === object.sha256) return 'same'
  if (!(await isStillLive(db, object.id))) return null
  return found === null ? 'missing' : 'different'
}

/** @returns null when the store does not have that version */
async function hashOf(
  store: ObjectStore,
  { bucket, key, versionId }: StoredObject,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  try {
    const { body } = await store.get({ bucket, key, versionId }, { signal })
    const hash = createHash('sha256')
    await pipeline(body, hash)
    return hash.digest('hex')
  } catch (error) {
    if (isAppError(error) && error.code === 'STORE_NOT_FOUND') return null
    throw error
  }
}
