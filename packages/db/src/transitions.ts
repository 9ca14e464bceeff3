import type { AssetStatus, JobStatus } from '@darkroom/contracts'

/** For each status of an asset, the statuses it may be reached from. Every change of status goes through here. */
export const ASSET_TRANSITIONS_TO: Record<AssetStatus, readonly AssetStatus[]> = {
  awaiting_upload: [],
  processing: ['awaiting_upload', 'failed'],
  ready: ['processing', 'partial', 'failed'],
  partial: ['processing', 'ready', 'failed'],
  failed: ['processing'],
  expired: ['awaiting_upload'],
  deleting: ['awaiting_upload', 'processing', 'ready', 'partial', 'failed', 'expired'],
  deleted: ['deleting'],
}

/** For each status of a job, the statuses it may be reached from. */
export const JOB_TRANSITIONS_TO: Record<JobStatus, readonly JobStatus[]> = {
  queued: ['running', 'failed', 'cancelled'],
  running: ['queued', 'running'],
  succeeded: ['running'],
  failed: ['running'],
  cancelled: ['queued', 'running'],
}
