import { API_CONFIGS } from '@darkroom/api'
import { ConfigError, parseConfigs } from '@darkroom/core'
import { type Check, type CheckResult, runChecks, selectChecks } from '@darkroom/core/checks'
import { IngestConfig } from '@darkroom/ingest'
import { StorageConfig } from '@darkroom/storage'
import { openStoreChecks, STORE_CHECKS } from '@darkroom/storage/checks'
import { WORKER_CONFIGS } from '@darkroom/worker'
import { z } from 'zod'
import { AdminConfig } from '../admin-config.ts'
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
  ]
}

/** Whatever is asked for, the variables are read and what was stored is deleted. */
const selected = (areas: readonly string[]): Set<string> => selectChecks(ALL_CHECKS, ['env', ...areas, 'doctor'])

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
  const settings = readStorage(env)
  if (typeof settings === 'string') return notChecked(STORE_CHECKS, settings, run)
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

/** @returns why it cannot be read, as a text */
function readStorage(env: Env) {
  try {
    return parseConfigs({ storage: StorageConfig, ingest: IngestConfig }, env)
  } catch (error) {
    if (error instanceof ConfigError) return 'the variables of the store have faults'
    throw error
  }
}

/** Returns what checks say of which not even the first could be asked. */
const notChecked = (
  groups: Readonly<Record<string, readonly Check<never>[]>>,
  why: string,
  { only }: Run,
): GroupResults[] =>
  Object.entries(groups).map(([group, checks]) => ({
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
  }))
