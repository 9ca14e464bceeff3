export { isDataDirInUse } from './data-lock.ts'
export { findLocalPostgres } from './find-running.ts'
export { type LocalPostgres, type LocalPostgresOptions, startLocalPostgres } from './local-postgres.ts'
