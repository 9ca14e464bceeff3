import type { Check } from '@darkroom/core/checks'
import { DATABASE_CHECKS } from '@darkroom/db/migrate'
import { REDIS_CHECKS } from '@darkroom/jobs/executor'
import { MACHINE_CHECKS } from '@darkroom/media/checks'
import { STORE_CHECKS } from '@darkroom/storage/checks'
import { ENVIRONMENT_CHECKS } from './environment-checks.ts'

type Checks = readonly Check<never>[]

/** Every check by group, in the order in which they run. */
export const CHECK_GROUPS: Readonly<Record<string, Checks>> = {
  Configuration: ENVIRONMENT_CHECKS,
  ...STORE_CHECKS,
  Database: DATABASE_CHECKS,
  Redis: REDIS_CHECKS,
  'This machine': MACHINE_CHECKS,
}

export const ALL_CHECKS: Checks = Object.values(CHECK_GROUPS).flat()
