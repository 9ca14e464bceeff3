import { join } from 'node:path'
import { findLocalPostgres } from '@darkroom/local-postgres'
import { findInstance } from './instance-lock.ts'

type Env = Record<string, string | undefined>

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

/**
 * Adds the variables of what `npm start` runs here to those that are set. Who has set some of a store means another one, of which nothing is
 * mixed with the embedded store.
 */
export function withRunning(given: Env, running: Env): Env {
  const isSet = ([, value]: [string, string | undefined]) => value !== undefined && value !== ''
  const set = Object.fromEntries(Object.entries(given).filter(isSet))
  const hasStore = Object.keys(set).some(name => name.startsWith('B2_'))
  const added = Object.entries(running).filter(([name]) => !hasStore || !name.startsWith('B2_'))
  return { ...given, ...Object.fromEntries(added), ...set }
}
