export { migrateDatabase } from './migrate.ts'
export { waitForSchema } from './wait-for-schema.ts'
