import type { FaultInjection } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import type { ObjectStore } from '@darkroom/storage'

/** What this package works on. */
export interface IngestDeps {
  database: Pick<DatabaseClient, 'db'>
  store: ObjectStore
  faults: FaultInjection
}
