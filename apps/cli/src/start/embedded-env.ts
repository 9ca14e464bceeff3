import { join } from 'node:path'
import { findLocalPostgres } from '@darkroom/local-postgres'
import { findInstance } from './instance-lock.ts'

/** Of the embedded store, which answers the loopback interface alone. */
export const EMBEDDED_STORE = {
  region: 'local-000',
  credentials: { keyId: 'localkey', applicationKey: 'localsecret' },
  privateBucket: 'darkroom',
  publicBucket: 'darkroom-public',
}

/** Returns the variables that connect services to the embedded store. */
export const storeEnv = (url: string): Record<string, string> => ({
  B2_ENDPOINT: url,
  B2_REGION: EMBEDDED_STORE.region,
  B2_KEY_ID: EMBEDDED_STORE.credentials.keyId,
  B2_APPLICATION_KEY: EMBEDDED_STORE.credentials.applicationKey,
  B2_BUCKET_NAME: EMBEDDED_STORE.privateBucket,
  B2_PUBLIC_BUCKET_NAME: EMBEDDED_STORE.publicBucket,
})

/**
 * Returns the variables that connect services to the embedded parts that run on a data folder. Parts that do not run
 * are left out.
 */
export async function runningEnv(dataDir: string): Promise<Record<string, string>> {
  const database = await findLocalPostgres(join(dataDir, 'postgres'))
  const instance = findInstance(dataDir)
  return { ...(database && { DATABASE_URL: database }), ...(instance?.storeUrl && storeEnv(instance.storeUrl)) }
}
