import { findAsset, readAssetRecord, revisionsOf } from '@darkroom/db/assets'
import { eventsOfAsset } from '@darkroom/db/events'
import type { ApiDeps } from '../deps.ts'
import { isGone, isSettled, presentAsset } from '../presenters/asset.ts'
import type { AssetState, Follower } from './follower.ts'

export interface AssetFollowers {
  /** Tells a client of an asset until what it returns is called. */
  follow(asset: { id: string; projectId: string }, follower: Follower): () => void
  close(): void
}

type Deps = Pick<ApiDeps, 'database' | 'feed' | 'settings' | 'eta' | 'logger'>

/** NOTIFY wakes at once; this backs it up. */
const POLL_MS = 2000
const MAX_EVENTS = 500

/**
 * Creates the followers of assets on this process. However many clients follow one asset, its rows are read once per
 * change, and the event is serialised once.
 */
export function createAssetFollowers(deps: Deps): AssetFollowers {
  const followed = new Map<string, FollowedAsset>()

  const poll = async () => {
    try {
      const revisions = await revisionsOf(deps.database.db, [...followed.keys()])
      for (const [id, asset] of followed) if (revisions.get(id) !== asset.revision) asset.wake()
    } catch (error) {
      deps.logger.warn({ err: error }, 'could not check followed assets; retrying soon')
    }
  }
  const timer = setInterval(() => void (followed.size > 0 && poll()), POLL_MS)
  timer.unref()

  return {
    follow(asset, follower) {
      const known = followed.get(asset.id) ?? new FollowedAsset(deps, asset)
      followed.set(asset.id, known)
      known.add(follower)
      return () => {
        known.remove(follower)
        if (known.isIdle && followed.get(asset.id) === known) followed.delete(asset.id)
      }
    },
    close: () => clearInterval(timer),
  }
}

class FollowedAsset {
  readonly #deps: Deps
  readonly #asset: { id: string; projectId: string }
  readonly #followers = new Set<Follower>()
  #unsubscribe: (() => void) | undefined
  #isReading = false
  #isStale = false
  /** As last told; changes are what differs from it. */
  revision: number | undefined

  constructor(deps: Deps, asset: { id: string; projectId: string }) {
    this.#deps = deps
    this.#asset = asset
  }

  get isIdle(): boolean {
    return this.#followers.size === 0
  }

  add(follower: Follower): void {
    this.#followers.add(follower)
    this.#unsubscribe ??= this.#deps.feed.subscribe(this.#asset.id, () => this.wake())
    this.wake()
  }

  remove(follower: Follower): void {
    this.#followers.delete(follower)
    if (!this.isIdle) return
    this.#unsubscribe?.()
    this.#unsubscribe = undefined
  }

  /** Reads what is new and tells everybody; what happens meanwhile is read after that. */
  wake(): void {
    this.#isStale = true
    if (this.#isReading) return
    this.#isReading = true
    void this.#catchUp().finally(() => {
      this.#isReading = false
      // Between the last look and now.
      if (this.#isStale) this.wake()
    })
  }

  async #catchUp(): Promise<void> {
    while (this.#isStale && !this.isIdle) {
      this.#isStale = false
      // Who joins while the rows are read may need older events than those; the next look is for them as well.
      const followers = [...this.#followers]
      try {
        const state = await this.#read(Math.min(...followers.map(({ seq }) => seq)))
        this.revision = state.asset?.revision
        for (const follower of followers) follower.tell(state)
      } catch (error) {
        this.#deps.logger.warn({ err: error, assetId: this.#asset.id }, 'could not read a followed asset')
      }
      if (this.#deps.feed.hasEnded) for (const follower of this.#followers) follower.end('restarting')
    }
    this.#isStale = false
  }

  /** Every event after `seq`, and the asset. */
  async #read(seq: number): Promise<AssetState> {
    const { db } = this.#deps.database
    const events = await eventsOfAsset(db, this.#asset, { seq, limit: MAX_EVENTS })
    if (events.length === MAX_EVENTS) this.#isStale = true
    // After the events: what is told of the asset is never older than they are.
    const row = await findAsset(db, this.#asset.projectId, this.#asset.id)
    const record = row && !isGone(row) ? await readAssetRecord(db, row) : null
    return {
      events: events.map(event => ({ ...event, json: JSON.stringify({ ...event, assetId: this.#asset.id }) })),
      asset: record && {
        revision: record.asset.revision,
        json: JSON.stringify(presentAsset(this.#deps, record)),
        isSettled: isSettled(record.asset, record.job),
      },
    }
  }
}
