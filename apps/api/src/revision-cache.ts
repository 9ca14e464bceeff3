import type { AssetFeed } from './asset-feed.ts'

/** What a client is told that has the newest revision already. */
export interface KnownRevision {
  projectId: string
  revision: number
  isSettled: boolean
  /** As it was when they were notified: an asset that waits in a queue keeps its revision. */
  retryAfterSec(): number
}

interface Entry {
  known: KnownRevision | undefined
  /** Checks against the rows since somebody asked. */
  idleChecks: number
  /** How often a notification came; a read that one overtook is not kept. */
  wakes: number
  unsubscribe(): void
}

export interface RevisionCacheDeps {
  feed: Pick<AssetFeed, 'subscribe'>
  /** Those of the known revisions that the rows no longer have. */
  outdatedAmong(known: ReadonlyMap<string, number>): Promise<string[]>
}

/** NOTIFY drops what changed at once; were one lost, this is how long an old revision is told. */
const CHECK_EVERY_MS = 2000
/** A minute: clients are told to come back after half of one at most. */
const MAX_IDLE_CHECKS = 30
const MAX_ENTRIES = 20_000

/** The newest revisions of assets that are polled, so that "nothing new" costs no query. */
export class RevisionCache {
  readonly #deps: RevisionCacheDeps
  readonly #entries = new Map<string, Entry>()
  readonly #timer: NodeJS.Timeout

  constructor(deps: RevisionCacheDeps) {
    this.#deps = deps
    this.#timer = setInterval(() => void this.#check(), CHECK_EVERY_MS).unref()
  }

  get(assetId: string): KnownRevision | undefined {
    const entry = this.#entries.get(assetId)
    if (entry) entry.idleChecks = 0
    return entry?.known
  }

  /** Keeps what `revisionOf` finds in what `load` reads, unless the asset changes meanwhile. */
  async keep<T>(assetId: string, load: () => Promise<T>, revisionOf: (loaded: T) => KnownRevision): Promise<T> {
    const entry = this.#entries.get(assetId) ?? this.#watch(assetId)
    const { wakes } = entry
    const loaded = await load().catch(error => {
      this.#forget(assetId, entry)
      throw error
    })
    if (entry.wakes === wakes) entry.known = revisionOf(loaded)
    return loaded
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** One query for all that is known; what nobody asks for any more is not kept. */
  async #check(): Promise<void> {
    const known = new Map<string, number>()
    for (const [id, entry] of this.#entries) {
      entry.idleChecks += 1
      if (entry.idleChecks > MAX_IDLE_CHECKS) this.#forget(id, entry)
      else if (entry.known) known.set(id, entry.known.revision)
    }
    if (known.size === 0) return
    const outdated = await this.#deps.outdatedAmong(known).catch(() => known.keys())
    for (const id of outdated) {
      const entry = this.#entries.get(id)
      if (entry) entry.known = undefined
    }
  }

  #watch(assetId: string): Entry {
    const entry: Entry = {
      known: undefined,
      idleChecks: 0,
      wakes: 0,
      unsubscribe: this.#deps.feed.subscribe(assetId, () => {
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
    if (this.#entries.get(assetId) === entry) this.#entries.delete(assetId)
  }
}
