import type { KnownAsset } from './known-asset.ts'

/** The newest known state of every asset on the page, whoever brought it: the library, a confirm or the follower. */
export type AssetStore = ReturnType<typeof createAssetStore>

export function createAssetStore() {
  let assets: ReadonlyMap<string, KnownAsset> = new Map()
  let gone: ReadonlySet<string> = new Set()
  const listeners = new Set<() => void>()

  function publish(): void {
    for (const listener of listeners) listener()
  }

  return {
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** The same map until something changes. */
    all: () => assets,
    /** Ids that were deleted here or were no longer there when asked for. */
    gone: () => gone,
    /** Takes what is newer than what is known; true when anything was, but for a better guess. */
    put(incoming: readonly KnownAsset[]): boolean {
      const news = incoming
        .filter(asset => !gone.has(asset.id))
        .map(asset => merge(asset, assets.get(asset.id)))
        .filter(asset => JSON.stringify(asset) !== JSON.stringify(assets.get(asset.id)))
      if (news.length === 0) return false
      const isMore = news.some(asset => textOf(asset) !== textOf(assets.get(asset.id)))
      assets = new Map([...assets, ...news.map(asset => [asset.id, asset] as const)])
      publish()
      return isMore
    },
    /** Forgets everything: it was another key's. */
    clear(): void {
      assets = new Map()
      gone = new Set()
      publish()
    },
    remove(ids: readonly string[]): void {
      if (ids.every(id => gone.has(id))) return
      gone = new Set([...gone, ...ids])
      assets = new Map([...assets].filter(([id]) => !gone.has(id)))
      publish()
    },
  }
}

/** Serializes an asset without its estimate, which changes every time. */
const textOf = (asset: KnownAsset | undefined) => JSON.stringify(asset && { ...asset, estimatedReadyAt: null })

/**
 * Merges an answer into what is known. An answer that was overtaken has a lower revision; progress changes without a
 * new one. A summary never replaces a complete asset, it only marks it as outdated.
 */
function merge(asset: KnownAsset, known: KnownAsset | undefined): KnownAsset {
  if (!known) return asset
  const shown = pick(asset, known)
  const newest = Math.max(asset.revision, known.newerRevision ?? known.revision)
  return newest > shown.revision ? { ...shown, newerRevision: newest } : shown
}

function pick(asset: KnownAsset, known: KnownAsset): KnownAsset {
  if (asset.isSummary && !known.isSummary) return known
  if (known.isSummary && !asset.isSummary) return asset
  return asset.revision >= known.revision ? asset : known
}
