export {
  type AdvisoryLock,
  type Commit,
  createDatabase,
  type Database,
  type DatabaseClient,
  genericPlan,
  isPrepared,
  type Tx,
  waitBriefly,
} from './client.ts'
export { DatabaseConfig } from './config.ts'
export { editDatabaseUrl } from './edit-database-url.ts'
export { isDatabaseUnavailable, isNotStorable, isProjectClosed } from './errors.ts'
export { isoTime } from './iso-time.ts'
export { mapRow } from './map-row.ts'
export { createScratchDatabase, type ScratchDatabase } from './scratch-database.ts'
export { uuids } from './uuids.ts'
export { waitForDatabase } from './wait-for-database.ts'
