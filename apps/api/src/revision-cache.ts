import type { AssetFeed } from './asset-feed.ts'

/** What a client is told that has the newest revision already. */
export interface KnownRevision {
  projectId: string
  etag: string
  isSettled: boolean
  retryAfterSec: number
}

interface Entry {
  known: KnownRevision | undefined
  untilMs: number
  /** How often a notification came; a read that one overtook is not kept. */
  wakes: number
  unsubscribe(): void
}

/** NOTIFY drops what changed at once; were one lost, this is how long an old revision is told. */
const MAX_AGE_MS = 2000
const MAX_ENTRIES = 20_000

/** The newest revisions of assets that are polled, so that "nothing new" costs no query. */
export class RevisionCache {
  readonly #feed: Pick<AssetFeed, 'subscribe'>
  readonly #entries = new Map<string, Entry>()

  constructor(feed: Pick<AssetFeed, 'subscribe'>) {
    this.#feed = feed
  }

  get(assetId: string): KnownRevision | undefined {
    const entry = this.#entries.get(assetId)
    return entry && entry.untilMs > performance.now() ? entry.known : undefined
  }

  /** Keeps what `revisionOf` finds in what `load` reads, unless the asset changes meanwhile. */
  async keep<T>(assetId: string, load: () => Promise<T>, revisionOf: (loaded: T) => KnownRevision): Promise<T> {
    const entry = this.#entries.get(assetId) ?? this.#watch(assetId)
    const { wakes } = entry
    const loaded = await load().catch(error => {
      if (!entry.known) this.#forget(assetId, entry)
      throw error
    })
    if (entry.wakes === wakes) {
      entry.known = revisionOf(loaded)
      entry.untilMs = performance.now() + MAX_AGE_MS
    }
    return loaded
  }

  #watch(assetId: string): Entry {
    const entry: Entry = {
      known: undefined,
      untilMs: 0,
      wakes: 0,
      unsubscribe: this.#feed.subscribe(assetId, () => {
        entry.known = undefined
        entry.wakes += 1
      }),
    }
    this.#entries.set(assetId, entry)
    const [oldest] = this.#entries
    if (oldest && this.#entries.size > MAX_ENTRIES) this.#forget(...oldest)
    return entry
  }

  #forget(assetId: string, entry: Entry): void {
    entry.unsubscribe()
    this.#entries.delete(assetId)
  }
}
