import packageJson from '../../apps/api/package.json' with { type: 'json' }
import { buildApp } from '../../apps/api/src/app.ts'
import type { ApiDeps } from '../../apps/api/src/deps.ts'
import type { WholeDocument } from '../../apps/api/src/reference/whole-document.ts'
import { NO_FAULTS, silentLogger, systemClock } from '../../packages/core/src/index.ts'

/** Stands for a service while routes are declared. Whoever asked it something would throw. */
const ABSENT = new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : ABSENT) }) as never

/** Returns the OpenAPI document of the API, which needs no service: routes are declared, and nobody calls them. */
export async function apiDocument(): Promise<WholeDocument> {
  const app = await buildApp(DEPS)
  try {
    return (await app.inject('/openapi.json')).json<WholeDocument>()
  } finally {
    await app.close()
  }
}

const DEPS: ApiDeps = {
  database: ABSENT,
  store: ABSENT,
  queues: ABSENT,
  feed: ABSENT,
  kinds: ABSENT,
  eta: ABSENT,
  checks: ABSENT,
  logger: silentLogger,
  clock: systemClock,
  faults: NO_FAULTS,
  settings: {
    mode: 'configured',
    version: packageJson.version,
    publicUrl: () => 'https://media.example.com',
    docsUrl: () => 'https://media.example.com/docs',
    secret: '',
    corsOrigins: [],
    maxUploadBytes: 0,
    acceptsSvg: false,
    multipartThresholdBytes: 0,
    formMaxBytes: 0,
    archiveMaxBytes: 0,
    eventSecret: null,
    outboundAllow: ABSENT,
    uploadExpiresMs: 0,
    sweepAfterSec: 0,
    failedSourceDays: 0,
    presignTtlSec: 0,
    projectDeletionDelayHours: 0,
    privateBucket: '',
    publicBucket: null,
    storeOrigin: 'https://s3.example.com',
    cdnBaseUrl: null,
    webRoot: null,
  },
}
