import { isAppError, type Logger, redact } from '@darkroom/core'
import { createS3Store } from './s3-store.ts'
import type { StorageSettings } from './storage-config.ts'

const CHECK_MS = 5000

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
  if (isAppError(error) && /bucket does not exist|404/.test(error.message)) return 'B2_BUCKET_NAME'
  return 'B2_ENDPOINT'
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no response within ${CHECK_MS / 1000} s`
  return redact(error instanceof Error ? error.message : String(error))
}
