/** Where a deployment keeps its jobs. */
export const BACKENDS = ['redis', 'postgres'] as const
export type Backend = (typeof BACKENDS)[number]

export const PRIVATE_BUCKET = 'darkroom'
export const PUBLIC_BUCKET = 'darkroom-public'
export const STORE = { region: 'local-000', keyId: 'localkey', applicationKey: 'localsecret' }

/** Signs what pretends to be an event notification of the store. */
export const EVENT_SECRET = 'chaoschaoschaoschaoschaoschaos32'

/** Environment of every process, besides where things are: small pools, because many processes share one Postgres. */
export const COMMON_ENV = {
  LOG_LEVEL: 'info',
  HOST: '127.0.0.1',
  DARKROOM_SECRET: 'a-secret-of-the-fault-harness-0123456789',
  B2_REGION: STORE.region,
  B2_KEY_ID: STORE.keyId,
  B2_APPLICATION_KEY: STORE.applicationKey,
  B2_BUCKET_NAME: PRIVATE_BUCKET,
  B2_PUBLIC_BUCKET_NAME: PUBLIC_BUCKET,
  B2_EVENT_SECRET: EVENT_SECRET,
  DATABASE_POOL_MAX: '4',
  DATABASE_QUEUE_POOL_MAX: '8',
  WORKER_QUEUES: 'image,system',
  WORKER_CONCURRENCY: '1',
  OUTBOUND_ALLOW: '127.0.0.1:*',
}
