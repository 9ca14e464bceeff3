import type { MediaKind, PresetDefinition } from '@darkroom/contracts'
import type { FaultInjection, Logger } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import type { ProcessingQueries } from '@darkroom/db/processing'
import type { JobQueues } from '@darkroom/jobs/executor'
import type { Engines, MediaPool } from '@darkroom/media'
import type { OutboundClient } from '@darkroom/outbound'
import type { ObjectStore } from '@darkroom/storage'
import type { CloudflareZone } from './cloudflare.ts'
import type { TempDir } from './temp-dir.ts'

/** What the worker stands on. */
export interface WorkerDeps {
  database: DatabaseClient
  queries: ProcessingQueries
  store: ObjectStore
  queues: JobQueues
  pool: MediaPool
  tempDir: TempDir
  /** Calls untrusted URLs. */
  outbound: OutboundClient
  /** The definition of a preset version, by its id. */
  presetOf(id: string): Promise<PresetDefinition>
  importLimits: ImportLimits
  logger: Logger
  faults: FaultInjection
  settings: WorkerSettings
}

export interface WorkerSettings {
  /** Named in the attempts. */
  host: string
  privateBucket: string
  /** Where variants go; null puts them into the private bucket. */
  publicBucket: string | null
  /** What is told of deletions, and where it serves the variants; null tells nobody. */
  cdn: { zone: CloudflareZone; baseUrl: string } | null
  /** Wall time of one run in a media process, by the declared kind. */
  timeoutMs: Readonly<Record<MediaKind, number>>
  /** Of this machine. Where there is no ffmpeg: no video, no audio, no MP4 of an animation. */
  engines: Engines
  failedSourceDays: number
  /** How long after a change the manifest of an asset is written. */
  manifestDelaySec: number
  /** Published files that are read again and compared with their digest each day; 0 reads none. */
  verifyDailyFiles: number
  /** How the database is backed up; null where it is not. */
  backups: BackupSettings | null
  /** How old an upload that nobody confirmed is when the sweeper first looks for its bytes. */
  sweepAfterSec: number
  /** Whether the store is to tell of every object, so that its silence is worth an alarm. */
  expectsEvents: boolean
}

export interface BackupSettings {
  everySec: number
  databaseUrl: string
  bucket: string
  recipients: readonly string[]
  /** Backups that are kept. */
  keep: number
  /** Folder of pg_dump; undefined finds it. */
  binDir: string | undefined
}

/** What a file that is fetched from a URL may be and cost. */
export interface ImportLimits {
  /** Of one file; a project may have less. */
  maxBytes: number
  /** From the first request to the last byte. */
  timeoutMs: number
  acceptsSvg: boolean
}
