export { type AdvisoryLock, createDatabase, type Database, type DatabaseClient, isPrepared, type Tx } from './client.ts'
export { DatabaseConfig } from './config.ts'
export { isDatabaseUnavailable, isNotStorable, isProjectClosed } from './errors.ts'
export { waitForDatabase } from './wait-for-database.ts'
