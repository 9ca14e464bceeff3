import { findLineageBehind, moveLineageCursor, type ProjectBehind, readChangedAssets } from '@darkroom/db/lineage'
import { writeManifest } from '../lineage/write-manifest.ts'
import { runExclusive } from './run-exclusive.ts'
import type { MaintenanceDeps, Task } from './task.ts'

const EVERY_SEC = 15
/** Manifests that are written side by side; each is a small file. */
const AT_ONCE = 8

/**
 * Keeps the manifests beside the originals up to date, by following the log of events. In one process at a time; what it has not finished
 * when it dies is before the cursor, and is looked at again.
 */
export const writeManifests: Task = {
  name: 'write manifests of assets',
  everyMs: EVERY_SEC * 1000,
  run: (deps, signal) =>
    runExclusive(deps, { task: 'manifests', everySec: EVERY_SEC / 2 }, signal, async leased => {
      for (const behind of await findLineageBehind(deps.database.db)) await catchUp(deps, behind, leased)
    }),
}

async function catchUp(deps: MaintenanceDeps, { projectId, cursor }: ProjectBehind, signal: AbortSignal) {
  const { database, settings } = deps
  let place = cursor
  while (!signal.aborted) {
    const page = await readChangedAssets(database.db, { projectId, cursor: place }, settings.manifestDelaySec)
    const { assetIds, next, hasMore } = page
    if (!next) return
    await writeAll(deps, assetIds, signal)
    signal.throwIfAborted()
    await moveLineageCursor(database.db, projectId, next)
    if (!hasMore) return
    place = next
  }
}

async function writeAll(deps: MaintenanceDeps, assetIds: readonly string[], signal: AbortSignal): Promise<void> {
  const queue = assetIds.values()
  const lane = async () => {
    for (const id of queue) await writeManifest(deps, id, signal)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}
