import { join } from 'node:path'
import type { Logger } from '@darkroom/core'
import { startLocalB2 } from '@darkroom/local-b2'
import { startLocalPostgres } from '@darkroom/local-postgres'
import type { InProcessObjects } from '@darkroom/storage'
import { EMBEDDED_STORE, storeEnv } from './embedded-env.ts'

export type Env = Record<string, string | undefined>

/** A part that `start` brings along: the variables that tell the services of it, and how to stop it. */
export interface Part {
  env: Env
  close(): Promise<void>
}

/** As often as B2. */
const LIFECYCLE_EVERY_MS = 86_400_000

/** For files that browsers send it at a Ctrl-C. */
const STORE_GRACE_MS = 10_000

const WHAT_TO_DO =
  'It is not restarted. Check memory and disk space, then run "npm start" again; no acknowledged data is lost. Or set DATABASE_URL to your own Postgres.'

export async function startEmbeddedPostgres(dataDir: string, logger: Logger): Promise<Part> {
  const postgres = await startLocalPostgres({
    dataDir: join(dataDir, 'postgres'),
    logger,
    supervise: text => console.error(text),
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
): Promise<Part & { objects: InProcessObjects }> {
  const store = await startLocalB2({
    dataDir: join(dataDir, 'b2'),
    port,
    logger,
    region: EMBEDDED_STORE.region,
    keys: [EMBEDDED_STORE.credentials],
    shutdownGraceMs: STORE_GRACE_MS,
    buckets: [
      { name: EMBEDDED_STORE.privateBucket, access: 'private' },
      { name: EMBEDDED_STORE.publicBucket, access: 'public' },
    ],
  })
  const daily = setInterval(() => {
    store.applyLifecycle(new Date()).catch(err => logger.error({ err }, 'the lifecycle rules could not be applied'))
  }, LIFECYCLE_EVERY_MS).unref()
  return {
    env: storeEnv(store.url),
    objects: store.objects,
    close() {
      clearInterval(daily)
      return store.close()
    },
  }
}
