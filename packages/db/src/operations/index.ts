export type { AlarmRow, QuarantineRow } from '../schema/operations.ts'
export { clearAlarm, clearAlarms, openAlarms, raiseAlarm } from './alarms.ts'
export {
  deleteOldAuditEntries,
  endAuditEntry,
  insertAuditEntry,
  type ListedAuditEntry,
  listAuditEntries,
  type NewAuditEntry,
} from './audit.ts'
export { readWorkHistory, type WorkHistory } from './eta.ts'
export { type AssetFacts, readAssetFacts } from './explain-asset.ts'
export { type Gauges, readGauges } from './gauges.ts'
export { stepMove } from './move-step.ts'
export { type ScannedObject, scanObjects } from './object-scan.ts'
export {
  countCrashes,
  findQuarantine,
  getQuarantined,
  hasQuarantine,
  listQuarantine,
  quarantineContent,
  releaseQuarantine,
} from './quarantine.ts'
export {
  isEmptyDatabase,
  readDatabaseIdentity,
  readServerVersion,
  readTableChecksums,
  type TableChecksum,
  withSnapshot,
} from './table-checksums.ts'
export { claimTaskLease, releaseTaskLease, renewTaskLease } from './task-leases.ts'
