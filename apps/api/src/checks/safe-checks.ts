import { type Check, type CheckResult, runChecks, selectChecks } from '@darkroom/core/checks'
import { DATABASE_CHECKS } from '@darkroom/db/migrate'
import { type QueueConfig, REDIS_CHECKS } from '@darkroom/jobs/executor'
import type { StorageSettings } from '@darkroom/storage'
import type { RunChecks } from './background-checks.ts'

/**
 * The areas and checks of `darkroom doctor` that only read, and that concern an API. Those that store objects, as that of the CDN, are for
 * a person who is at the terminal.
 */
const SAFE = [
  'store',
  'key.private-bucket',
  'key.capabilities',
  'key.excess',
  'key.expiry',
  'key.region',
  'bucket.versioning',
  'bucket.encryption',
  'bucket.events',
  'cors.upload',
  'cors.download',
  'lifecycle',
  'database',
  'redis',
]

/** Shorter than for a person, because a shutdown waits for the check that runs. */
const TIMEOUT_MS = 10_000

interface SafeChecksInput {
  storage: StorageSettings
  database: { DATABASE_URL: string; DATABASE_POOL_MAX: number }
  queue: QueueConfig
  /** Origins of pages that upload. */
  origins: readonly string[]
  expectsEvents: boolean
}

/** Creates what runs these checks with the settings of the process. Those of the store are loaded when they first run. */
export const createSafeChecks =
  ({ storage, database, queue, origins, expectsEvents }: SafeChecksInput): RunChecks =>
  async isOver => {
    const { openStoreChecks, STORE_CHECKS } = await import('@darkroom/storage/checks')
    const store = openStoreChecks(storage, { role: 'api', origins: [...new Set(origins)], expectsEvents })
    const ofDatabase = { url: database.DATABASE_URL, poolMax: database.DATABASE_POOL_MAX }
    const checks = [
      ...Object.values(STORE_CHECKS).flatMap(group => bindTo(store, group)),
      ...bindTo(ofDatabase, DATABASE_CHECKS),
      ...bindTo({ url: queue.REDIS_URL ?? null }, REDIS_CHECKS),
    ]
    const only = selectChecks(
      checks.map(({ check }) => check),
      SAFE,
    )
    const results = new Map<string, CheckResult>()
    try {
      for (const { run } of checks) if (!isOver()) await run({ results, only, timeoutMs: TIMEOUT_MS })
      return [...results.values()]
    } finally {
      store.close()
    }
  }

type RunOptions = Parameters<typeof runChecks>[2]

/** Binds checks to what they look at, so that those of different contexts are one list. */
const bindTo = <Context>(context: Context, checks: readonly Check<Context>[]) =>
  checks.map(check => ({ check, run: (options: RunOptions) => runChecks([check], context, options) }))
