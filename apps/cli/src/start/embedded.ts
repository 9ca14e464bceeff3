import { join } from 'node:path'
import type { Logger } from '@darkroom/core'
import { startLocalB2 } from '@darkroom/local-b2'
import { startLocalPostgres } from '@darkroom/local-postgres'
import type { NearObjects } from '@darkroom/storage'

export type Env = Record<string, string | undefined>

/** A part that `start` brings along: the variables that tell the services of it, and how to stop it. */
export interface Part {
  env: Env
  close(): Promise<void>
}

const LOCAL_CREDENTIALS = { keyId: 'localkey', applicationKey: 'localsecret' }
const LOCAL_REGION = 'local-000'
/** For files that browsers send it at a Ctrl-C. */
const STORE_GRACE_MS = 10_000
const PRIVATE_BUCKET = 'darkroom'
const PUBLIC_BUCKET = 'darkroom-public'

const WHAT_TO_DO =
  'It is not started again. Look whether memory or disk space ran out, then run "npm start" again; nothing that was acknowledged is lost. Or set DATABASE_URL to a Postgres of yours.'

export async function startEmbeddedPostgres(dataDir: string, logger: Logger): Promise<Part> {
  const postgres = await startLocalPostgres({
    dataDir: join(dataDir, 'postgres'),
    logger,
    keepAlive: text => console.error(text),
    onUnexpectedEnd: error => {
      console.error(`${error.message} ${WHAT_TO_DO}`)
      // Without its database there is nothing left to drain; the next start heals.
      process.exit(1)
    },
  })
  return { env: { DATABASE_URL: postgres.url }, close: () => postgres.stop() }
}

export async function startEmbeddedStore(
  dataDir: string,
  port: number,
  logger: Logger,
): Promise<Part & { objects: NearObjects }> {
  const store = await startLocalB2({
    dataDir: join(dataDir, 'b2'),
    port,
    logger,
    region: LOCAL_REGION,
    credentials: LOCAL_CREDENTIALS,
    shutdownGraceMs: STORE_GRACE_MS,
    buckets: [
      { name: PRIVATE_BUCKET, access: 'private' },
      { name: PUBLIC_BUCKET, access: 'public' },
    ],
  })
  return {
    env: {
      B2_ENDPOINT: store.url,
      B2_REGION: LOCAL_REGION,
      B2_KEY_ID: LOCAL_CREDENTIALS.keyId,
      B2_APPLICATION_KEY: LOCAL_CREDENTIALS.applicationKey,
      B2_BUCKET_NAME: PRIVATE_BUCKET,
      B2_PUBLIC_BUCKET_NAME: PUBLIC_BUCKET,
    },
    objects: store.objects,
    close: () => store.close(),
  }
}
