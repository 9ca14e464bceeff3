import { join } from 'node:path'
import { errorEntry } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import { giveUpRun } from '@darkroom/db/assets'
import { storeWaitingOriginal, takeUnpromoted, type UnpromotedAsset } from '@darkroom/db/uploads'
import { originalKey } from '@darkroom/storage'
import { copyPinned } from '../copy-pinned.ts'
import { purgeObjects } from '../purge-objects.ts'
import type { MaintenanceDeps, Task } from './task.ts'

/** Confirmed bytes lie where a client can write no longer than an hour, also while queues are paused. */
const PROMOTE_AFTER_SEC = 45 * 60

/** What one worker takes at a time: few, so that others find something to do. */
const BATCH = 40
/** Copies that are under way side by side; the store does the work. */
const AT_ONCE = 8

/**
 * Copies confirmed bytes that no worker came to yet to where no client can write and no lifecycle rule looks. They are
 * verified later, by the run that processes them. Goes on while there is more, beside other workers that do the same.
 */
export const promoteWaiting: Task = {
  name: 'promote waiting confirmed uploads',
  everyMs: 60_000,
  async run(deps, signal) {
    const failures: unknown[] = []
    for (;;) {
      const taken = await takeUnpromoted(deps.database.db, {
        olderThanSec: PROMOTE_AFTER_SEC,
        limit: BATCH,
        bucket: deps.settings.privateBucket,
        mintKey: originalKey,
      })
      const failed = await promoteAll(deps, taken, signal)
      failures.push(...failed)
      const isOutage = failed.length === taken.length && failed.every(isOfStore)
      if (taken.length < BATCH || isOutage) break
    }
    if (failures.length > 0) throw failures[0]
  },
}

const isOfStore = (error: unknown) =>
  isAppError(error) && ['transient', 'operator'].includes(errorEntry(error.code).class)

/**
 * Promotes all assets, also when one cannot be copied, so that the others do not stay where a client can write.
 * @returns the errors
 */
async function promoteAll(deps: MaintenanceDeps, taken: UnpromotedAsset[], signal: AbortSignal): Promise<unknown[]> {
  const failed: unknown[] = []
  const queue = taken.values()
  const lane = async () => {
    for (const asset of queue) {
      await promote(deps, asset, signal).catch(error => {
        signal.throwIfAborted()
        failed.push(error)
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return failed
}

async function promote(
  deps: MaintenanceDeps,
  { assetId, from, target, contentType, byteSize, leaseToken }: UnpromotedAsset,
  signal: AbortSignal,
): Promise<void> {
  const { database, store, tempDir } = deps
  const folder = tempDir.folderOf(leaseToken)
  try {
    await tempDir.create(folder)
    const copy = { from, to: { bucket: target.bucket, key: target.key }, contentType, byteSize }
    const pin = await copyPinned(store, copy, { file: join(folder, 'source'), signal })
    const stored = { ...pin, assetId, objectId: target.id, byteSize, contentType }
    if (await storeWaitingOriginal(database.db, stored))
      deps.logger.info({ assetId }, 'promoted a confirmed upload that waited for a worker')
  } catch (error) {
    // A worker came after all and cleared them away.
    if (!isAppError(error, 'STORE_NOT_FOUND')) throw error
  } finally {
    await tempDir.remove(folder)
    await purgeObjects(deps, await giveUpRun(database.db, { assetId, leaseToken }), { onlyKnownVersion: true })
  }
}
