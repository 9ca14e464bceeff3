export { type Orphan, removeOrphan, scanOrphans } from './orphans/scan-orphans.ts'
export { runWorker } from './run.ts'
export { startWorker, WORKER_CONFIGS, type Worker } from './worker.ts'
