import { apiCrashes } from './api-crashes.ts'
import { backfills } from './backfills.ts'
import { clocks } from './clocks.ts'
import { confirms } from './confirms.ts'
import { deletion } from './deletion.ts'
import { events } from './events.ts'
import { failovers } from './failover.ts'
import { importCrashes } from './imports.ts'
import { lifecycle } from './lifecycle.ts'
import { operations } from './operations.ts'
import { poisons } from './poison.ts'
import { postgres } from './postgres.ts'
import { projectDeletion } from './project-deletion.ts'
import { redis } from './redis.ts'
import { refusals } from './refusals.ts'
import { resources } from './resources.ts'
import type { Scenario } from './scenario.ts'
import { soaks } from './soak.ts'
import { store } from './store.ts'
import { unconfirmed } from './unconfirmed.ts'
import { webhooks } from './webhooks.ts'
import { workerCrashes } from './worker-crashes.ts'

/** Every scenario, by number. */
export const SCENARIOS: readonly Scenario[] = [
  ...apiCrashes,
  ...backfills,
  ...clocks,
  ...confirms,
  ...deletion,
  ...events,
  ...failovers,
  importCrashes,
  ...lifecycle,
  ...operations,
  ...poisons,
  ...postgres,
  ...projectDeletion,
  ...redis,
  ...refusals,
  ...resources,
  ...soaks,
  ...store,
  ...unconfirmed,
  ...webhooks,
  ...workerCrashes,
].toSorted((one, two) => one.number - two.number)
