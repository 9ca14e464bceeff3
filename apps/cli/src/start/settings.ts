import { API_CONFIGS } from '@darkroom/api'
import { parseConfigs } from '@darkroom/core'
import { WORKER_CONFIGS } from '@darkroom/worker'
import { StartConfig } from './config.ts'
import type { Env } from './embedded.ts'
import { usesRealStore } from './mode.ts'

/** In the place of what embedded parts say once they run, so that the rest can be looked at before. */
const EMBEDDED_DATABASE = { DATABASE_URL: 'postgres://embedded' }
const EMBEDDED_STORE = {
  B2_KEY_ID: 'embedded',
  B2_APPLICATION_KEY: 'embedded',
  B2_BUCKET_NAME: 'embedded',
  B2_REGION: 'x',
}
const MADE_SECRET = { DARKROOM_SECRET: 'x'.repeat(32) }

/**
 * Reads all that a start goes by, before any part of it is started.
 * @throws ConfigError naming every fault
 */
export const readSettings = (given: Env) =>
  parseConfigs(
    { start: StartConfig, ...API_CONFIGS, ...WORKER_CONFIGS },
    {
      ...given,
      ...(!given.DATABASE_URL && EMBEDDED_DATABASE),
      ...(!usesRealStore(given) && EMBEDDED_STORE),
      ...(!given.DARKROOM_SECRET && MADE_SECRET),
    },
  )
