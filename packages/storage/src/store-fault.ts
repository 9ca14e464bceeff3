import { ConfigError, isAppError, type Logger, redact } from '@darkroom/core'
import { createS3Store } from './s3-store.ts'
import type { StorageSettings } from './storage-config.ts'

const CHECK_MS = 5000

/**
 * Throws when the bucket of originals can be read without a key: nobody may start to serve out of it.
 * A store that does not answer is no reason; `findStoreFault` says so.
 * @throws ConfigError on B2_BUCKET_NAME
 */
export async function refusePublicOriginals({ store, privateBucket }: StorageSettings): Promise<void> {
  const client = createS3Store(store)
  try {
    const isPublic = await client.isPublic(privateBucket, { signal: AbortSignal.timeout(CHECK_MS) })
    if (isPublic)
      throw new ConfigError([
        `B2_BUCKET_NAME: anybody can read the bucket "${privateBucket}", which holds originals; make it private in the settings of the bucket, or name another`,
      ])
  } finally {
    client.close()
  }
}

/**
 * Finds what keeps the private bucket from being used at this moment, in a line that names the variable to look at; null when it can
 * be. Nobody ends for it: the store may come back, and until then everything but bytes is served.
 */
export async function findStoreFault(
  { store, privateBucket }: StorageSettings,
  logger: Logger,
): Promise<string | null> {
  const client = createS3Store(store, { logger })
  try {
    await client.check(privateBucket, { signal: AbortSignal.timeout(CHECK_MS) })
    return null
  } catch (error) {
    return `${variableOf(error)}: the store at ${store.endpoint} cannot be used (${reasonOf(error)}). Uploads and jobs wait until it can`
  } finally {
    client.close()
  }
}

function variableOf(error: unknown): string {
  if (isAppError(error, 'STORE_CREDENTIALS')) return 'B2_KEY_ID, B2_APPLICATION_KEY'
  if (isAppError(error) && /bucket does not exist/.test(error.message)) return 'B2_BUCKET_NAME'
  return 'B2_ENDPOINT'
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no response within ${CHECK_MS / 1000} s`
  return redact(error instanceof Error ? error.message : String(error))
}
