export { type Orphan, removeOrphan, scanOrphans } from './orphans/scan-orphans.ts'
export { startWorker, type Worker } from './worker.ts'
