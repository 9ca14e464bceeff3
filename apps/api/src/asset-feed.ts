import type { DatabaseClient } from '@darkroom/db/client'
import { EVENTS_CHANNEL } from '@darkroom/db/events'

/** Tells who waits for an asset that something happened to it. A hint: whoever is woken reads the row. */
export interface AssetFeed {
  /** Calls `wake` at every event of the asset, and at the end of the feed, until what it returns is called. */
  subscribe(assetId: string, wake: () => void): () => void
  /** Resolves at the next event of the asset, or after `timeoutMs`, whichever comes first. */
  nextChange(assetId: string, timeoutMs: number): Promise<void>
  /** Ends every wait; whoever waits answers with what there is. */
  end(): void
  readonly hasEnded: boolean
  close(): Promise<void>
}

/** Opens one LISTEN connection that serves any number of waiting requests. */
export async function createAssetFeed(database: DatabaseClient): Promise<AssetFeed> {
  const waiting = new Map<string, Set<() => void>>()
  let hasEnded = false
  const wake = (assetId: string) => {
    for (const resolve of waiting.get(assetId) ?? []) resolve()
  }
  const wakeAll = () => {
    for (const assetId of waiting.keys()) wake(assetId)
  }
  // After a reconnect anything may have been missed.
  const unlisten = await database.listen(EVENTS_CHANNEL, wake, wakeAll)

  const subscribe: AssetFeed['subscribe'] = (assetId, listener) => {
    const listeners = waiting.get(assetId) ?? new Set()
    waiting.set(assetId, listeners)
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && waiting.get(assetId) === listeners) waiting.delete(assetId)
    }
  }

  return {
    subscribe,
    nextChange: (assetId, timeoutMs) =>
      new Promise(resolve => {
        const finish = () => {
          clearTimeout(timer)
          unsubscribe()
          resolve()
        }
        const timer = setTimeout(finish, timeoutMs)
        const unsubscribe = subscribe(assetId, finish)
      }),
    end() {
      hasEnded = true
      wakeAll()
    },
    get hasEnded() {
      return hasEnded
    },
    close: unlisten,
  }
}
