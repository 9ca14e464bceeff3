import type { Clock, FaultInjection, Logger } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import type { UploadSettings } from '@darkroom/ingest'
import type { JobQueues } from '@darkroom/jobs/executor'
import type { AllowList } from '@darkroom/outbound'
import type { ObjectStore } from '@darkroom/storage'
import type { AssetFeed } from './asset-feed.ts'
import type { AvailableKinds } from './available-kinds.ts'
import type { BackgroundChecks } from './checks/background-checks.ts'
import type { Eta } from './eta.ts'

/** What the API stands on. Handed in, so that a test can put anything else in its place. */
export interface ApiDeps {
  database: DatabaseClient
  store: ObjectStore
  queues: JobQueues
  feed: AssetFeed
  kinds: AvailableKinds
  eta: Eta
  checks: BackgroundChecks
  logger: Logger
  clock: Clock
  faults: FaultInjection
  settings: ApiSettings
}

export interface ApiSettings extends UploadSettings {
  /** `local` has the fixed development key and answers on the loopback interface only. */
  mode: 'local' | 'configured'
  version: string
  /** Under which clients reach this API; without a trailing slash. */
  publicUrl: () => string
  /** Where the documentation is that problems link to; without a trailing slash. */
  docsUrl: () => string
  secret: string
  corsOrigins: string[]
  /** Of the store's event notifications; null when it sends none. */
  eventSecret: string | null
  /** What webhooks may reach besides the public internet. */
  outboundAllow: AllowList
  /** Largest file of an HTML form, which passes through the API. */
  formMaxBytes: number
  /** Largest sum of the files of an archive, which pass through the API. */
  archiveMaxBytes: number
  /** How old an upload that nobody confirmed is when workers first look for its bytes. */
  sweepAfterSec: number
  /** How long the source of a cancelled asset is kept for a requeue. */
  failedSourceDays: number
  /** For how long a project that is to be deleted can be restored, unless the request says it. */
  projectDeletionDelayHours: number
  publicBucket: string | null
  /** Where clients send the bytes of uploads: scheme, host and port. */
  storeOrigin: string
  /** In front of the public bucket; null when nothing is. */
  cdnBaseUrl: string | null
  /** Folder of the built page; null serves the API alone. */
  webRoot: string | null
}
