import { availableParallelism, hostname } from 'node:os'
import { BackupConfig } from '@darkroom/backups'
import type { QueueName } from '@darkroom/contracts'
import {
  ConfigError,
  createLogger,
  type FaultInjection,
  type Logger,
  NO_FAULTS,
  newId,
  ProcessConfig,
  parseConfigs,
  tuneHeap,
} from '@darkroom/core'
import { TracingConfig } from '@darkroom/core/tracing'
import { createDatabase, type DatabaseClient, DatabaseConfig } from '@darkroom/db/client'
import { markDraining } from '@darkroom/db/jobs'
import { createProcessingQueries } from '@darkroom/db/processing'
import { IngestConfig } from '@darkroom/ingest'
import { startDispatcher } from '@darkroom/jobs/dispatcher'
import {
  createJobQueues,
  createQueueWorker,
  QueueConfig,
  type QueueWorker,
  queueBackend,
} from '@darkroom/jobs/executor'
import { createRunner } from '@darkroom/jobs/runner'
import {
  assertSafeVersions,
  ffmpegVersion,
  findTools,
  type Limits,
  MediaConfig,
  type MediaPool,
  startMediaPool,
  toLimits,
  versions,
} from '@darkroom/media'
import { createOutboundClient, OutboundConfig } from '@darkroom/outbound'
import { createS3Store, type InProcessObjects, StorageConfig, type StorageSettings } from '@darkroom/storage'
import packageJson from '../package.json' with { type: 'json' }
import { bestEffort } from './best-effort.ts'
import { openCodeDir } from './code-dir.ts'
import { WorkerConfig } from './config.ts'
import type { BackupSettings, WorkerDeps, WorkerSettings } from './deps.ts'
import { createHandlers } from './handlers/index.ts'
import { startHeartbeat } from './heartbeat.ts'
import { startMaintenance } from './maintenance/index.ts'
import { serveMetrics } from './metrics-server.ts'
import { startPreviews } from './previews/index.ts'
import { createPresetCache } from './process-asset/preset-cache.ts'
import { purgeObjects } from './purge-objects.ts'
import { checkSandboxLevel } from './sandbox-level.ts'
import { openTempDir } from './temp-dir.ts'
import { startWebhooks } from './webhooks/index.ts'

export interface Worker {
  sandbox: MediaPool['sandbox']
  /** Whether this machine can make something of video and audio. */
  hasFfmpeg: boolean
  /** Takes no more work, lets runs finish within the grace period, hands the rest back. */
  close(): Promise<void>
}

/** All that a worker reads from its environment, by area. */
export const WORKER_CONFIGS = {
  common: ProcessConfig,
  tracing: TracingConfig,
  worker: WorkerConfig,
  ingest: IngestConfig,
  media: MediaConfig,
  storage: StorageConfig,
  database: DatabaseConfig,
  outbound: OutboundConfig,
  queue: QueueConfig,
  backups: BackupConfig,
}

/**
 * Starts everything that runs jobs, out of environment variables. When it cannot, nothing of it stays open.
 * @throws ConfigError naming every fault
 */
export async function startWorker(options: {
  env: Record<string, string | undefined>
  logger?: Logger
  /** Of the store that `env` names, when it lives in this process. */
  near?: InProcessObjects | undefined
  /** Of the fault harness; none in what ships. */
  faults?: FaultInjection
}): Promise<Worker> {
  tuneHeap()
  const { env, near, faults = NO_FAULTS } = options
  const { worker: config, ingest, media, storage, database: postgres, ...configs } = parseConfigs(WORKER_CONFIGS, env)
  const { logger = createLogger('worker', configs.common.LOG_LEVEL) } = options
  const backend = queueBackend(configs.queue, postgres)
  const limits = toLimits(media, { acceptsSvg: ingest.ACCEPT_SVG })
  assertSafeVersions()
  const found = await findTools(env)
  const ffmpeg = found && (await ffmpegVersion(found))
  if (config.FFMPEG_PATH && ffmpeg === null) throw new ConfigError([noFfmpegAt(config.FFMPEG_PATH)])
  if (ffmpeg === null) logger.warn('ffmpeg not found: this worker does not process video and audio')
  else
    logger.info(
      { ffmpeg },
      'ffmpeg processes video and audio; for security fixes see https://security-tracker.debian.org/tracker/source-package/ffmpeg',
    )
  const tools = ffmpeg === null ? null : found
  const { sharp, libvips } = versions()
  const engines = { sharp, libvips, ffmpeg }

  await using opened = new AsyncDisposableStack()
  const { WORKER_METRICS_PORT: metricsPort, WORKER_METRICS_HOST: metricsHost } = config
  if (metricsPort !== undefined) opened.defer(await serveMetrics(metricsPort, metricsHost))
  const tempDir = await openTempDir(config.WORKER_TEMP_DIR)
  opened.defer(() => tempDir.close())
  const database = createDatabase(postgres.DATABASE_URL, {
    max: postgres.DATABASE_POOL_MAX,
    applicationName: 'darkroom-worker',
    genericPlans: true,
    statementSec: postgres.DATABASE_STATEMENT_SEC,
  })
  opened.defer(() => database.close())
  const store = createS3Store(storage.store, { logger, ...(near && { near }) })
  opened.defer(() => store.close())
  const queues = await createJobQueues(backend, { logger })
  opened.defer(() => queues.close())
  const outbound = createOutboundClient(configs.outbound.OUTBOUND_ALLOW)
  opened.defer(() => outbound.close())
  const processes = tempDir.folderOf('processes')
  await tempDir.create(processes)
  const pool = await startMediaPool({
    size: config.WORKER_CONCURRENCY,
    limits,
    logger,
    sandbox: config.WORKER_SANDBOX === 'off' ? 'off' : 'auto',
    tools,
    tempRoot: processes,
    codeDir: await openCodeDir(config.WORKER_TEMP_DIR),
  })
  opened.defer(() => pool.close())
  checkSandboxLevel(pool.sandbox, config.WORKER_SANDBOX, logger)
  const queries = createProcessingQueries(database.db)
  const deps: WorkerDeps = {
    database,
    queries,
    queues,
    pool,
    logger,
    faults,
    store,
    tempDir,
    outbound,
    presetOf: createPresetCache(queries),
    importLimits: {
      maxBytes: ingest.MAX_UPLOAD_BYTES,
      timeoutMs: config.IMPORT_TIMEOUT_SEC * 1000,
      acceptsSvg: limits.acceptsSvg,
    },
    settings: {
      host: `${hostname()}:${process.pid}`,
      privateBucket: storage.privateBucket,
      publicBucket: storage.publicBucket,
      cdn: cdnOf(config, storage),
      timeoutMs: timeoutsOf(limits),
      engines,
      failedSourceDays: ingest.FAILED_SOURCE_DAYS,
      manifestDelaySec: config.MANIFEST_DELAY_SEC,
      verifyDailyFiles: config.VERIFY_DAILY_FILES,
      backups: backupsOf(configs.backups, storage, postgres.DATABASE_URL),
      sweepAfterSec: ingest.SWEEP_AFTER_SEC,
      expectsEvents: Boolean(ingest.B2_EVENT_SECRET),
    },
  }
  const runner = createRunner({
    ...deps,
    host: deps.settings.host,
    handlers: createHandlers(deps),
    purge: doomed => purgeObjects(deps, doomed, { onlyKnownVersion: true }),
  })
  opened.defer(() => runner.close())
  const id = newId()
  const served = config.WORKER_QUEUES.filter(queue => tools !== null || !NEEDS_FFMPEG.some(kind => kind === queue))
  const slots = config.WORKER_CONCURRENCY * RUNS_PER_PROCESS
  const registration = {
    id,
    host: deps.settings.host,
    version: packageJson.version,
    queues: served,
    lacks: NEEDS_FFMPEG.filter(kind => tools === null && config.WORKER_QUEUES.includes(kind)),
    slots,
    engines,
  }
  opened.defer(await startHeartbeat(config.WORKER_TEMP_DIR, database, registration, logger))
  const maintenance = startMaintenance(deps)
  opened.defer(() => maintenance.close())
  if (config.DARKROOM_SECRET) {
    const disableAfterSec = config.WEBHOOK_DISABLE_AFTER_DAYS * 86_400
    const webhooks = startWebhooks({
      database,
      outbound,
      logger,
      faults,
      secret: config.DARKROOM_SECRET,
      disableAfterSec,
    })
    opened.defer(() => webhooks.close())
  } else logger.warn('DARKROOM_SECRET is not set: this worker sends no webhooks')
  const workers: QueueWorker[] = []
  opened.defer(() => runner.drain(workers, config.WORKER_GRACE_SEC))
  opened.defer(() => announceDraining(database, id, logger))
  const { run } = runner
  for (const queue of served) {
    const shared = { queue, concurrency: concurrencyOf(queue, slots), run }
    workers.push(await createQueueWorker(backend, { logger }, shared))
    // One slot of each queue takes only what the dispatcher reserves it for: work that somebody waits for.
    workers.push(await createQueueWorker(backend, { logger }, { queue, concurrency: 1, run, reserved: true }))
  }
  opened.defer(await startPreviews(deps, served))
  const dispatcher = await startDispatcher(deps)
  opened.defer(() => dispatcher.close())

  const owned = opened.move()
  return { sandbox: pool.sandbox, hasFfmpeg: tools !== null, close: () => owned.disposeAsync() }
}

const noFfmpegAt = (path: string) =>
  `FFMPEG_PATH: expected a folder with working ffmpeg and ffprobe, or the path of ffmpeg with ffprobe in the same folder, not "${path}"; without it they are found by PATH`

/** @throws ConfigError without a CDN */
function cdnOf(config: WorkerConfig, { cdnBaseUrl }: StorageSettings): WorkerSettings['cdn'] {
  const { CLOUDFLARE_API_TOKEN: token, CLOUDFLARE_ZONE_ID: zoneId, CLOUDFLARE_API_URL: apiUrl } = config
  if (!token || !zoneId) return null
  if (!cdnBaseUrl) throw new ConfigError(['CDN_BASE_URL: is missing; it is needed to purge URLs from the CDN'])
  return { zone: { apiUrl, token, zoneId }, baseUrl: cdnBaseUrl }
}

function backupsOf(
  config: BackupConfig,
  { privateBucket }: StorageSettings,
  databaseUrl: string,
): BackupSettings | null {
  const { BACKUP_EVERY_HOURS: hours, BACKUP_RECIPIENT: recipients } = config
  if (!hours || !recipients) return null
  return {
    everySec: hours * 3600,
    databaseUrl,
    bucket: config.BACKUP_BUCKET ?? privateBucket,
    recipients,
    keep: config.BACKUP_KEEP,
    binDir: config.POSTGRES_BIN_DIR,
  }
}

/** Kinds of media that nothing can be made of without ffmpeg. */
const NEEDS_FFMPEG = ['video', 'audio'] as const

const timeoutsOf = ({ timeoutMs, maxTranscodeMs }: Limits): WorkerSettings['timeoutMs'] => ({
  image: timeoutMs,
  document: timeoutMs,
  video: maxTranscodeMs,
  audio: maxTranscodeMs,
})

/** Marks the worker as draining: the dispatcher sends it no more jobs, and admins see why. */
async function announceDraining(database: DatabaseClient, id: string, logger: Logger): Promise<void> {
  const announced = markDraining(database.db, id)
  await bestEffort(announced.catch(error => logger.warn({ err: error }, 'draining could not be announced')))
}

/**
 * More runs than media processes, so that these never wait for a download or an upload: a run needs its process only
 * between the two.
 */
const RUNS_PER_PROCESS = 2

/** Runs of one queue at once. */
const concurrencyOf = (queue: QueueName, slots: number): number =>
  queue === 'system' ? Math.max(2, availableParallelism()) : slots
