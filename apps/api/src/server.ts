import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  createLogger,
  type FaultInjection,
  type Logger,
  NO_FAULTS,
  ProcessConfig,
  parseConfigs,
  systemClock,
  tuneHeap,
} from '@darkroom/core'
import { TracingConfig } from '@darkroom/core/tracing'
import { createDatabase, DatabaseConfig } from '@darkroom/db/client'
import { IngestConfig } from '@darkroom/ingest'
import { createJobQueues, QueueConfig, queueBackend } from '@darkroom/jobs/executor'
import { OutboundConfig } from '@darkroom/outbound'
import { createS3Store, StorageConfig, type StorageSettings } from '@darkroom/storage'
import packageJson from '../package.json' with { type: 'json' }
import { buildApp } from './app.ts'
import { createAssetFeed } from './asset-feed.ts'
import { createAvailableKinds } from './available-kinds.ts'
import { createBackgroundChecks } from './checks/background-checks.ts'
import { createSafeChecks } from './checks/safe-checks.ts'
import { ApiConfig } from './config.ts'
import type { ApiSettings } from './deps.ts'
import { drainServer } from './drain-server.ts'
import { createEta } from './eta.ts'
import { explainListenError } from './listen-error.ts'

export interface Api {
  /** Where it listens. */
  url: string
  /** Whether the page was built and is served. */
  hasPage: boolean
  close(): Promise<void>
}

export interface ApiOptions {
  env: Record<string, string | undefined>
  logger?: Logger
  /** `local` only from `darkroom start`, when nothing of the outside world is configured. */
  mode?: ApiSettings['mode']
  /** Of the fault harness; none in what ships. */
  faults?: FaultInjection
}

/** All that the API reads from its environment, by area. */
export const API_CONFIGS = {
  common: ProcessConfig,
  tracing: TracingConfig,
  api: ApiConfig,
  ingest: IngestConfig,
  storage: StorageConfig,
  database: DatabaseConfig,
  outbound: OutboundConfig,
  queue: QueueConfig,
}

/**
 * Starts the HTTP edge out of environment variables. When it cannot, nothing of it stays open.
 * @throws ConfigError naming every fault
 */
export async function startApi(options: ApiOptions): Promise<Api> {
  tuneHeap()
  const { env, mode = 'configured', faults = NO_FAULTS } = options
  const configs = parseConfigs(API_CONFIGS, env)
  const { common, api: config, ingest, storage, database: postgres, outbound, queue } = configs
  const { logger = createLogger('api', common.LOG_LEVEL) } = options
  const backend = queueBackend(queue, postgres)

  await using opened = new AsyncDisposableStack()
  const database = createDatabase(postgres.DATABASE_URL, {
    max: postgres.DATABASE_POOL_MAX,
    applicationName: 'darkroom-api',
    statementSec: postgres.DATABASE_STATEMENT_SEC,
  })
  opened.defer(() => database.close())
  const queues = await createJobQueues(backend, { logger })
  opened.defer(() => queues.close())
  const store = createS3Store(storage.store, { logger })
  opened.defer(() => store.close())
  const feed = await createAssetFeed(database)
  opened.defer(() => feed.close())
  const kinds = createAvailableKinds(database)
  const eta = createEta(database, systemClock, logger)
  const runChecks = createSafeChecks({
    storage,
    database: postgres,
    queue,
    origins: [...(config.PUBLIC_URL ? [new URL(config.PUBLIC_URL).origin] : []), ...config.CORS_ORIGINS],
    expectsEvents: ingest.B2_EVENT_SECRET !== undefined,
  })
  const checks = createBackgroundChecks(runChecks, { clock: systemClock, logger })
  opened.defer(() => checks.close())
  let listenUrl = `http://${config.HOST}:${config.PORT}`
  const publicUrl = () => config.PUBLIC_URL ?? listenUrl
  const settings: ApiSettings = {
    mode,
    version: packageJson.version,
    publicUrl,
    docsUrl: () => config.DOCS_URL ?? `${publicUrl()}/docs`,
    secret: config.DARKROOM_SECRET,
    corsOrigins: config.CORS_ORIGINS,
    maxUploadBytes: ingest.MAX_UPLOAD_BYTES,
    acceptsSvg: ingest.ACCEPT_SVG,
    multipartThresholdBytes: config.MULTIPART_THRESHOLD_BYTES,
    formMaxBytes: config.FORM_MAX_BYTES,
    archiveMaxBytes: config.ARCHIVE_MAX_BYTES,
    eventSecret: ingest.B2_EVENT_SECRET ?? null,
    outboundAllow: outbound.OUTBOUND_ALLOW,
    uploadExpiresMs: config.UPLOAD_EXPIRES_HOURS * 3_600_000,
    sweepAfterSec: ingest.SWEEP_AFTER_SEC,
    failedSourceDays: ingest.FAILED_SOURCE_DAYS,
    presignTtlSec: config.PRESIGN_TTL_SEC,
    projectDeletionDelayHours: config.PROJECT_DELETION_DELAY_HOURS,
    privateBucket: storage.privateBucket,
    publicBucket: storage.publicBucket,
    storeOrigin: new URL(storage.store.publicEndpoint ?? storage.store.endpoint).origin,
    cdnBaseUrl: storage.cdnBaseUrl ?? publicBucketUrl(storage),
    webRoot: existsSync(BUILT_PAGE) ? BUILT_PAGE : null,
  }
  const app = await buildApp({
    database,
    store,
    queues,
    feed,
    kinds,
    eta,
    checks,
    logger,
    clock: systemClock,
    faults,
    settings,
  })
  opened.defer(() => app.close())
  // Of `localhost` Fastify would make two servers, and `app.connections` knows one.
  const host = config.HOST === 'localhost' ? '127.0.0.1' : config.HOST
  listenUrl = await app.listen({ host, port: config.PORT }).catch(error => {
    throw explainListenError(error, config)
  })
  opened.defer(() => drainServer(app.connections, feed, config))

  const owned = opened.move()
  return { url: listenUrl, hasPage: settings.webRoot !== null, close: () => owned.disposeAsync() }
}

/** The page, when `npm run build` has been run. */
const BUILT_PAGE = fileURLToPath(new URL('../../web/dist', import.meta.url))

/** Returns the URL of the public bucket, which serves variants itself without a CDN; null when there is none. */
function publicBucketUrl({ store, publicBucket }: StorageSettings): string | null {
  if (!publicBucket) return null
  return `${(store.publicEndpoint ?? store.endpoint).replace(/\/+$/, '')}/${publicBucket}`
}
