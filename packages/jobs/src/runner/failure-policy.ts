import { errorEntry, QUEUE_NAMES } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'
import type { Tx } from '@darkroom/db/client'
import { countCrashes, raiseAlarm } from '@darkroom/db/operations'
import type { Findings } from '../findings.ts'
import type { Run } from '../handler.ts'
import { pauseQueues, setJobSource } from '../sql/index.ts'
import { quarantineFile } from './quarantine-file.ts'
import { toResourceError } from './resource-error.ts'
import { retryDelayMs } from './retry-policy.ts'

/** A file that kills its process this often will do so again. */
const CRASHES_TO_QUARANTINE = 3

/**
 * What happens to a job whose run failed: a retry later, a final failure, or queued again with all queues paused,
 * because only a person can help.
 */
export type FailureVerdict = { type: 'retry'; delayMs: number } | { type: 'fail' } | { type: 'pause' }

/** Decides by the class of the error; part of the transaction that settles the run. */
export async function decideFailure(tx: Tx, run: Run, error: AppError, findings: Findings): Promise<FailureVerdict> {
  if (errorEntry(error.code).class === 'operator') return { type: 'pause' }
  if (error.code === 'WORKER_CRASHED' && (await isQuarantinedNow(tx, run, error, findings))) return { type: 'fail' }
  const delayMs = retryDelayMs(error, run.job)
  return delayMs === null ? { type: 'fail' } : { type: 'retry', delayMs }
}

/** Counts a crash of the content in its project, and puts it in quarantine at the limit. */
async function isQuarantinedNow(tx: Tx, { lease }: Run, error: AppError, { sourceSha256 }: Findings): Promise<boolean> {
  const { jobId, projectId } = lease
  if (!sourceSha256) return false
  await setJobSource(tx, jobId, sourceSha256)
  // The attempt that just crashed is not closed yet.
  const crashes = 1 + (await countCrashes(tx, projectId, sourceSha256))
  if (crashes < CRASHES_TO_QUARANTINE) return false
  await quarantineFile(tx, { projectId, sha256: sourceSha256, crashes, reason: error.message })
  return true
}

/** Pauses all queues, since all need the store, and records why: no attempt is used up by what only a person can fix. */
export async function pauseForOperator(tx: Tx, error: AppError): Promise<void> {
  const { code, message } = toResourceError(error)
  await pauseQueues(tx, { queues: [...QUEUE_NAMES], by: 'alarm', reason: code })
  await raiseAlarm(tx, { code, message })
}
