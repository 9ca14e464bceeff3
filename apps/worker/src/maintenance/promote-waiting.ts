import { isAppError, newId } from '@darkroom/core'
import { findUnpromoted, giveUpRun, reserveOriginal, storeWaitingOriginal, type UnpromotedAsset } from '@darkroom/db'
import { originalKey } from '@darkroom/storage'
import { purgeObjects } from './purge-objects.ts'
import { BATCH, type MaintenanceDeps, type Task } from './task.ts'

/** Confirmed bytes lie where a client can write no longer than an hour, also while queues are paused. */
const PROMOTE_AFTER_SEC = 45 * 60

/**
 * Copies confirmed bytes that no worker came to yet to where no client can write and no lifecycle rule looks. They are
 * verified later, by the run that processes them.
 */
export const promoteWaiting: Task = {
  name: 'promote confirmed bytes that wait',
  everyMs: 60_000,
  async run(deps, signal) {
    const waiting = await findUnpromoted(deps.database.db, { olderThanSec: PROMOTE_AFTER_SEC, limit: BATCH })
    const failures: unknown[] = []
    // One that cannot be copied must not keep the others where a client can write.
    for (const asset of waiting) {
      await promote(deps, asset, signal).catch(error => {
        signal.throwIfAborted()
        failures.push(error)
      })
    }
    if (failures.length > 0) throw failures[0]
  },
}

async function promote(deps: MaintenanceDeps, asset: UnpromotedAsset, signal: AbortSignal): Promise<void> {
  const { database, store, settings } = deps
  const { assetId, projectId, object, contentType, byteSize } = asset
  const token = newId()
  const to = { bucket: settings.privateBucket, key: originalKey(projectId, assetId) }
  const objectId = await reserveOriginal(database.db, { ...to, assetId, projectId, contentType, token })
  try {
    const pin = await store.copy({ from: { ...object, byteSize }, to, contentType }, { signal })
    const isStored = await storeWaitingOriginal(database.db, { ...pin, assetId, objectId, byteSize, contentType })
    if (isStored) deps.logger.info({ assetId }, 'promoted bytes that waited for a worker')
  } catch (error) {
    // A worker came after all and cleared them away.
    if (!isAppError(error, 'STORE_NOT_FOUND')) throw error
  } finally {
    await purgeObjects(deps, await giveUpRun(database.db, { assetId, leaseToken: token }), { onlyKnownVersion: true })
  }
}
