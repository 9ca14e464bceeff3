import type { KnownAsset } from './known-asset.ts'

const FAST_MS = 500
const SLOW_MS = 2000
const GROWTH = 1.3
/** For assets whose bytes may never come, and after a poll that failed. */
const IDLE_MS = 10_000
const ERROR_MS = 3000

/** `busy`: changes any moment, or has changed. `idle`: waits for bytes that somebody else may send. `settled`: nothing more happens. */
export type Activity = 'busy' | 'idle' | 'settled'

export function activityOf({ status, job, progress, isSummary, newerRevision }: KnownAsset): Activity {
  if (newerRevision !== undefined) return 'busy'
  if (status === 'processing') return 'busy'
  if (status === 'awaiting_upload') return 'idle'
  // A summary has no job, but it tells that something goes on.
  const isReprocessing = job?.status === 'queued' || job?.status === 'running' || (isSummary && progress < 1)
  return isReprocessing && (status === 'ready' || status === 'partial' || status === 'failed') ? 'busy' : 'settled'
}

/**
 * Returns the delay before the next poll in ms: every half second while something changes, less often the longer
 * nothing did.
 */
export function pollDelayMs(situation: { anyBusy: boolean; pollsWithoutChange: number; failed: boolean }): number {
  if (situation.failed) return ERROR_MS
  if (!situation.anyBusy) return IDLE_MS
  return Math.min(SLOW_MS, FAST_MS * GROWTH ** situation.pollsWithoutChange)
}
