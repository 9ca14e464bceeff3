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
export { countFailures, type FailureCount } from './failures.ts'
export { type Gauges, readGauges } from './gauges.ts'
export {
  type EndedRuns,
  endedRuns,
  type HistorySpan,
  type Latencies,
  readLatencies,
  readSamples,
  type SampledBucket,
} from './history.ts'
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
  deleteOldSamples,
  keepOrphanReport,
  readOrphanReport,
  recordSample,
  recordUsageDay,
} from './samples.ts'
export {
  isEmptyDatabase,
  readDatabaseIdentity,
  readServerVersion,
  readTableChecksums,
  type TableChecksum,
  withSnapshot,
} from './table-checksums.ts'
export { claimTaskLease, releaseTaskLease, renewTaskLease } from './task-leases.ts'
export { readTroubles, type Troubles } from './troubles.ts'
export { readUsageDays, type UsageDay } from './usage-days.ts'
