export { DEFAULT_POOL_MAX, type QueueBackendConfig, QueueConfig, queueBackend } from './config.ts'
export { createJobQueues, type JobQueues, type QueueDeps, type QueueEntry } from './job-queues.ts'
export { migrateQueue } from './migrate-queue.ts'
export { createQueueWorker, type QueueWorker, type QueueWorkerOptions } from './queue-worker.ts'
