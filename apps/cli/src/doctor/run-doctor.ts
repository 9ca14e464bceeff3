import { API_CONFIGS } from '@darkroom/api'
import { ConfigError, parseConfigs } from '@darkroom/core'
import { type Check, type CheckResult, runChecks, selectChecks } from '@darkroom/core/checks'
import { DatabaseConfig } from '@darkroom/db/client'
import { DATABASE_CHECKS } from '@darkroom/db/migrate'
import { IngestConfig } from '@darkroom/ingest'
import { QueueConfig, REDIS_CHECKS } from '@darkroom/jobs/executor'
import { toLimits } from '@darkroom/media'
import { MACHINE_CHECKS } from '@darkroom/media/checks'
import { StorageConfig } from '@darkroom/storage'
import { openStoreChecks, STORE_CHECKS } from '@darkroom/storage/checks'
import { WORKER_CONFIGS } from '@darkroom/worker'
import { z } from 'zod'
import { AdminConfig } from '../admin-config.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { pageOrigins } from '../provision/installation.ts'
import { StartConfig } from '../start/config.ts'
import type { Env } from '../start/embedded.ts'
import { readSettings } from '../start/settings.ts'
import { ALL_CHECKS } from './all-checks.ts'
import { ENVIRONMENT_CHECKS, type EnvironmentContext } from './environment-checks.ts'

export interface DoctorOptions {
  env: Env
  role: 'api' | 'all'
  /** Origins of pages that upload, besides those of CORS_ORIGINS and PUBLIC_URL. */
  origins: readonly string[]
  /** Whether `npm start` runs here. */
  isStarted: boolean
  repairs: boolean
  /** Areas or ids of the checks to run, with what they need. Default: all. */
  only?: readonly string[]
}

/** The results of one group of checks, in their order. */
export interface GroupResults {
  group: string
  results: CheckResult[]
}

/** Runs every check, and deletes what they stored. */
export async function runDoctor(options: DoctorOptions): Promise<GroupResults[]> {
  const results = new Map<string, CheckResult>()
  const run = { results, repairs: options.repairs, ...(options.only && { only: selected(options.only) }) }
  return [
    { group: 'Configuration', results: await runChecks(ENVIRONMENT_CHECKS, environmentOf(options), run) },
    ...(await checkStore(options, run)),
    await checkDatabase(options, run),
    await checkRedis(options, run),
    await checkMachine(options, run),
  ]
}

/**
 * Whatever is asked for, the variables are read and what was stored is deleted.
 * @throws CommandError on an area that is none: nothing of it would be checked, and all would seem well
 */
function selected(areas: readonly string[]): Set<string> {
  const unknown = areas.find(area => selectChecks(ALL_CHECKS, [area]).size === 0)
  if (unknown === undefined) return selectChecks(ALL_CHECKS, ['env', ...areas, 'doctor'])
  const known = [...new Set(ALL_CHECKS.map(({ id }) => id.split('.')[0]))].join(', ')
  throw new CommandError(`"${unknown}" is no check and no area. Use ${known}, or the id of a check.`, EXIT.usage)
}

const CONFIGS = { ...API_CONFIGS, ...WORKER_CONFIGS, admin: AdminConfig, start: StartConfig }

/** Returns how the processes read the variables. `npm start` sets what is missing. */
const environmentOf = ({ env, role, isStarted }: DoctorOptions): EnvironmentContext => ({
  env,
  known: new Set(Object.values(CONFIGS).flatMap(namesOf)),
  read() {
    if (isStarted) return readSettings(env)
    return parseConfigs(role === 'api' ? API_CONFIGS : { ...API_CONFIGS, ...WORKER_CONFIGS }, env)
  },
})

const namesOf = (schema: z.ZodType): string[] =>
  Object.keys(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties ?? {})

type Run = Parameters<typeof runChecks>[2]

async function checkStore({ env, role, ...options }: DoctorOptions, run: Run): Promise<GroupResults[]> {
  const settings = readConfigs({ storage: StorageConfig, ingest: IngestConfig }, env)
  if (!settings) return Object.entries(STORE_CHECKS).map(([group, checks]) => unread(group, checks, run))
  const context = openStoreChecks(settings.storage, {
    role,
    origins: [...new Set([...options.origins, ...pageOrigins(env)])],
    expectsEvents: Boolean(settings.ingest.B2_EVENT_SECRET),
  })
  const groups: GroupResults[] = []
  try {
    for (const [group, checks] of Object.entries(STORE_CHECKS))
      groups.push({ group, results: await runChecks(checks, context, run) })
    return groups
  } finally {
    context.close()
  }
}

async function checkDatabase({ env }: DoctorOptions, run: Run): Promise<GroupResults> {
  const settings = readConfigs({ database: DatabaseConfig }, env)
  if (!settings) return unread('Database', DATABASE_CHECKS, run)
  const { DATABASE_URL: url, DATABASE_POOL_MAX: poolMax } = settings.database
  return { group: 'Database', results: await runChecks(DATABASE_CHECKS, { url, poolMax }, run) }
}

async function checkRedis({ env }: DoctorOptions, run: Run): Promise<GroupResults> {
  const settings = readConfigs({ queue: QueueConfig }, env)
  if (!settings) return unread('Redis', REDIS_CHECKS, run)
  return { group: 'Redis', results: await runChecks(REDIS_CHECKS, { url: settings.queue.REDIS_URL ?? null }, run) }
}

async function checkMachine({ env, role }: DoctorOptions, run: Run): Promise<GroupResults> {
  const group = 'This machine'
  const { worker, media, ingest } = WORKER_CONFIGS
  const settings = readConfigs({ worker, media, ingest }, env)
  if (role === 'api') return unread(group, MACHINE_CHECKS, run, 'an API processes no media')
  if (!settings) return unread(group, MACHINE_CHECKS, run)
  const context = {
    env,
    tempDir: settings.worker.WORKER_TEMP_DIR,
    sandbox: settings.worker.WORKER_SANDBOX,
    maxUploadBytes: settings.ingest.MAX_UPLOAD_BYTES,
    limits: toLimits(settings.media),
  }
  return { group, results: await runChecks(MACHINE_CHECKS, context, run) }
}

/** Reads configurations; null where they have faults, which a check of the environment names. */
function readConfigs<T extends Record<string, z.ZodType>>(schemas: T, env: Env) {
  try {
    return parseConfigs(schemas, env)
  } catch (error) {
    if (error instanceof ConfigError) return null
    throw error
  }
}

/** Returns what checks say of which not even the first could be asked. */
const unread = (
  group: string,
  checks: readonly Check<never>[],
  { only }: Run,
  why = 'its variables have faults, or are missing',
): GroupResults => ({
  group,
  results: checks
    .filter(({ id }) => only?.has(id) ?? true)
    .map(({ id, title, proves, repair }) => ({
      id,
      title,
      state: 'not_checked',
      seen: why,
      ...(proves && { proves }),
      isRepairable: repair !== undefined,
    })),
})
