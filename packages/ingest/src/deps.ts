import type { MediaKind } from '@darkroom/contracts'
import type { Clock, FaultInjection, Logger } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import type { ObjectStore } from '@darkroom/storage'

/** What this package works on. */
export interface IngestDeps {
  database: Pick<DatabaseClient, 'db'>
  store: ObjectStore
  faults: FaultInjection
}

export interface UploadSettings {
  maxUploadBytes: number
  acceptsSvg: boolean
  /** Larger files go up in parts, unless the client decides. */
  multipartThresholdBytes: number
  uploadExpiresMs: number
  presignTtlSec: number
  privateBucket: string
}

/** What opening an upload works on besides. */
export interface OpenUploadDeps extends IngestDeps {
  clock: Clock
  logger: Logger
  /** Says for which kinds of media no worker has tools. */
  kinds: { unavailable(): Promise<readonly MediaKind[]> }
  settings: UploadSettings
}
