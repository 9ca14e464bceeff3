import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { API_CONFIGS } from '@darkroom/api'
import { type ConfigError, parseConfigs } from '@darkroom/core'
import { WORKER_CONFIGS } from '@darkroom/worker'
import { describe, expect, it } from 'vitest'
import { StartConfig } from './config.ts'

const DOCUMENT = fileURLToPath(new URL('../../../../docs/config.md', import.meta.url))

/** What has no default. */
const CONFIGURED = {
  DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:61234/x',
  DARKROOM_SECRET: 'x'.repeat(32),
  B2_KEY_ID: 'k',
  B2_APPLICATION_KEY: 'a',
  B2_BUCKET_NAME: 'darkroom',
  B2_REGION: 'local-000',
}

/** A wrong value of each variable that can have one; what is any text, or has cases of its own in startup.test.ts, is named after them. */
const WRONG: Record<string, string> = {
  LOCAL_B2_PORT: '0',
  LOG_LEVEL: 'loud',
  START_WAIT_SEC: '-1',
  PORT: '1.5',
  PUBLIC_URL: 'media.example.com',
  DOCS_URL: 'ftp://docs.example.com',
  DARKROOM_SECRET: 'short',
  CORS_ORIGINS: 'app.example.com',
  MULTIPART_THRESHOLD_BYTES: '-1',
  FORM_MAX_BYTES: '0',
  ARCHIVE_MAX_BYTES: '0',
  UPLOAD_EXPIRES_HOURS: '0',
  PRESIGN_TTL_SEC: '901',
  MAX_UPLOAD_BYTES: '5GB',
  ACCEPT_SVG: 'perhaps',
  B2_EVENT_SECRET: 'short',
  SWEEP_AFTER_SEC: '0',
  FAILED_SOURCE_DAYS: '365',
  DATABASE_URL: 'mysql://db/x',
  DATABASE_POOL_MAX: '1',
  DATABASE_STATEMENT_SEC: 'x',
  REDIS_URL: 'http://redis',
  DATABASE_QUEUE_POOL_MAX: '1',
  B2_BUCKET_NAME: 'my/bucket',
  B2_PUBLIC_BUCKET_NAME: 'my bucket',
  B2_REGION: 'US West',
  B2_ENDPOINT: 'ftp://x',
  B2_NATIVE_API_URL: 'ftp://api',
  B2_PUBLIC_ENDPOINT: 'https://x/?a=1',
  B2_DOWNLOAD_ENDPOINT: 'https://x/?a=1',
  CDN_BASE_URL: 'ftp://cdn',
  WORKER_QUEUES: 'image,videos',
  WORKER_CONCURRENCY: 'all',
  WORKER_SANDBOX: 'on',
  WORKER_GRACE_SEC: '-1',
  WEBHOOK_DISABLE_AFTER_DAYS: '0',
  CLOUDFLARE_ZONE_ID: 'example.com',
  CLOUDFLARE_API_URL: 'here',
  IMPORT_TIMEOUT_SEC: '0',
  OUTBOUND_ALLOW: '!',
  MAX_IMAGE_PIXELS: '0',
  MAX_IMAGE_DIMENSION: 'x',
  MAX_ANIMATION_FRAMES: '0',
  MAX_DOCUMENT_PAGES: '0',
  MAX_DURATION_SEC: '0',
  MAX_STREAMS: '0',
  JOB_TIMEOUT_SEC: '0',
  TRANSCODE_TIMEOUT_SEC: '0',
  MAX_MEDIA_MEMORY_MB: '1',
  MAX_OUTPUT_MB: '0',
  MANIFEST_DELAY_SEC: '-1',
  VERIFY_DAILY_FILES: '-1',
  BACKUP_RECIPIENT: 'me',
  BACKUP_EVERY_HOURS: '0',
  WORKER_METRICS_PORT: '70000',
  BACKUP_KEEP: '0',
  BACKUP_IDENTITY: 'secret',
  SHUTDOWN_GRACE_SEC: '-1',
  SHUTDOWN_DELAY_SEC: '-1',
  PROJECT_DELETION_DELAY_HOURS: 'soon',
  FFMPEG_PATH: '/nope',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
  OTEL_EXPORTER_OTLP_HEADERS: 'secret',
  OTEL_RESOURCE_ATTRIBUTES: 'staging',
  OTEL_TRACES_SAMPLER: 'some',
  OTEL_TRACES_SAMPLER_ARG: '2',
}
const ANY_TEXT = [
  'DARKROOM_DATA',
  'HOST',
  'B2_KEY_ID',
  'B2_APPLICATION_KEY',
  'B2_PUBLIC_KEY_ID',
  'B2_PUBLIC_APPLICATION_KEY',
  'BACKUP_BUCKET',
  'POSTGRES_BIN_DIR',
  'WORKER_TEMP_DIR',
  'WORKER_METRICS_HOST',
  'CLOUDFLARE_API_TOKEN',
  'OTEL_SERVICE_NAME',
]
/** Commands are tried with wrong values in admin.test.ts. */
const OF_COMMANDS = ['DARKROOM_URL', 'DARKROOM_KEY', 'DARKROOM_PROFILE', 'DARKROOM_DEBUG']

describe('a wrong value', () => {
  it.each(Object.entries(WRONG))('%s=%s is told by name, with what was expected', (name, value) => {
    const read = () =>
      parseConfigs({ start: StartConfig, ...API_CONFIGS, ...WORKER_CONFIGS }, { ...CONFIGURED, [name]: value })
    const found = errorOf(read)
    expect(found?.faults.filter(fault => fault.startsWith(`${name}: `))).toHaveLength(1)
    expect(found?.message).not.toMatch(/Invalid|received|NaN/)
  })

  it('is known of every variable of docs/config.md', async () => {
    const document = await readFile(DOCUMENT, 'utf8')
    const variables = [...document.matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(([, name]) => name)
    expect([...new Set(variables)].toSorted()).toEqual([...Object.keys(WRONG), ...ANY_TEXT, ...OF_COMMANDS].toSorted())
  })
})

function errorOf(work: () => unknown): ConfigError | null {
  try {
    work()
    return null
  } catch (error) {
    return error as ConfigError
  }
}
