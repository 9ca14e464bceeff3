import type { JobStatus } from '@darkroom/contracts'

/** For each status of a job, the statuses it may be reached from. */
export const JOB_TRANSITIONS_TO: Record<JobStatus, readonly JobStatus[]> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['queued', 'running'],
  succeeded: ['running'],
  failed: ['running'],
  cancelled: ['queued', 'running'],
}
