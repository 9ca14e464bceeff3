export { DATABASE_CHECKS, type DatabaseCheckContext } from './database-checks.ts'
export { migrateDatabase } from './migrate.ts'
export { waitForSchema } from './wait-for-schema.ts'
