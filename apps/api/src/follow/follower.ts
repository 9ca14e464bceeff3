import { randomInt } from 'node:crypto'
import type { AssetEvent } from '@darkroom/db/events'

/** One message of a stream of server-sent events. */
export interface Message {
  id?: string
  event: string
  /** JSON. */
  data: string
  /** After how many milliseconds a client whose stream has ended should come back. */
  retry?: number
}

export type EndReason = 'settled' | 'deleted' | 'unauthorized' | 'restarting'

/** What is known of an asset at a moment; serialised once for all who follow it. */
export interface AssetState {
  events: readonly (AssetEvent & { json: string })[]
  /** Null when it is deleted. */
  asset: { revision: number; json: string; isSettled: boolean } | null
}

export interface FollowerOptions {
  /** The last event that the client has. */
  seq: number
  /** Ends the stream when nothing more happens by itself. */
  endsWhenSettled: boolean
  send(message: Message): Promise<unknown>
  close(): void
}

/** A client whose connection takes nothing more is let go: it comes back and loses nothing. */
const MAX_PENDING = 200

/** Not all at once: whoever they come back to has to read an asset for each. */
const RETRY_MS = { least: 1000, most: 3000 }
const comeBack = () => ({ retry: randomInt(RETRY_MS.least, RETRY_MS.most + 1) })

/** One client that follows one asset: gets every event after the last one that it has, then the asset as it is. */
export class Follower {
  #seq: number
  #revision = -1
  #pending = 0
  #ended = false
  readonly #options: FollowerOptions

  constructor(options: FollowerOptions) {
    this.#options = options
    this.#seq = options.seq
  }

  get seq(): number {
    return this.#seq
  }

  tell({ events, asset }: AssetState): void {
    for (const { seq, type, json } of events) {
      if (seq <= this.#seq) continue
      this.#seq = seq
      this.#send({ id: String(seq), event: type, data: json })
    }
    if (!asset) {
      this.end('deleted')
      return
    }
    if (asset.revision !== this.#revision) {
      this.#revision = asset.revision
      this.#send({ event: 'asset', data: asset.json })
    }
    if (asset.isSettled && this.#options.endsWhenSettled) this.end('settled')
  }

  /** The last message says why; then the connection is closed. */
  end(reason: EndReason): void {
    if (this.#ended) return
    const message = { event: 'end', data: JSON.stringify({ reason }), ...(reason === 'restarting' && comeBack()) }
    void this.#send(message)?.then(this.#options.close)
    this.#ended = true
  }

  #send(message: Message): Promise<void> | undefined {
    if (this.#ended) return undefined
    this.#pending += 1
    const sent = () => {
      this.#pending -= 1
    }
    if (this.#pending > MAX_PENDING) {
      this.#ended = true
      this.#options.close()
    }
    // A connection that is gone is noticed by its own event.
    return this.#options.send(message).then(sent, sent)
  }
}
