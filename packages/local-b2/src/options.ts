import type { ApplicationKey } from './auth/application-key.ts'
import type { EventRule } from './events/event-sink.ts'
import type { FaultSwitch } from './faults.ts'
import type { LifecycleOutcome } from './lifecycle.ts'
import type { Logger } from './logger.ts'
import type { LocalObjects } from './objects.ts'
import type { RequestLog } from './request-log.ts'
import type { BucketAccess } from './store/buckets.ts'

export interface LocalB2Options {
  /** Folder for everything stored; made when missing, held by one process at a time. */
  dataDir: string
  /** Default 127.0.0.1. */
  host?: string
  /** Default 0: any free port. */
  port?: number
  /** Default: one key, `localkey` / `localsecret`, that may do everything. */
  keys?: readonly ApplicationKey[]
  /** Default `local-000`; signatures for another region are refused. */
  region?: string
  /** Created when missing. Those that exist keep their access. */
  buckets?: { name: string; access: BucketAccess }[]
  /** Web origins, such as `*`, whose pages may GET, HEAD and PUT in those of `buckets` that have no CORS rules; default none. */
  corsOrigins?: readonly string[]
  /** As B2 in 2025: 400 for `x-amz-checksum-*`, `x-amz-sdk-checksum-algorithm` and `x-amz-checksum-mode`. */
  refuseChecksumHeaders?: boolean
  eventRules?: EventRule[]
  /** With fewer bytes free on the disk, the answer about an absent object says so in `x-local-b2-full`, as no B2 does; default 64 MiB. */
  minFreeBytes?: number
  /** Larger objects are not copied by one CopyObject, only in parts; default 5 GB, as at B2. */
  maxCopyBytes?: number | undefined
  /** How long requests may go on at a close before they are cut; default 0. */
  shutdownGraceMs?: number
  logger?: Logger
}

export interface LocalB2 {
  url: string
  port: number
  faults: FaultSwitch
  requests: RequestLog
  objects: LocalObjects
  /** Replaces the event rules, for a receiver whose address is known only later. */
  setEventRules(rules: EventRule[]): void
  /** Runs the buckets' lifecycle rules once, as of `now`; nothing else runs them. */
  applyLifecycle(now: Date): Promise<LifecycleOutcome>
  /**
   * Takes no more connections, lets requests end within their grace, checkpoints and closes the store.
   * @throws UnfinishedError when requests had a grace and were cut after it
   */
  close(): Promise<void>
}
