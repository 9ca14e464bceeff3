import { type Explanation, errorEntry, type JobAttempt, SETTLED_ASSET_STATUSES } from '@darkroom/contracts'
import type { JobAttemptRow } from '@darkroom/db/jobs'
import type { AssetFacts } from '@darkroom/db/operations'
import { presentAdminJob } from '../present-job.ts'
import { presentQuarantine } from '../present-quarantine.ts'
import { explain } from './explain.ts'
import { timelineOf } from './timeline.ts'

/** Facts as the answer to "what happened to this file?". */
export function presentExplanation(facts: AssetFacts): Explanation {
  const { asset, attempts, variants, quarantine } = facts
  const job = facts.jobs.at(-1) ?? null
  const isWorkedOn = job?.status === 'queued' || job?.status === 'running'
  const error = asset.error ?? job?.error ?? null
  return {
    assetId: asset.id,
    projectId: asset.projectId,
    status: asset.status,
    isSettled: SETTLED_ASSET_STATUSES.includes(asset.status) && !isWorkedOn,
    ...explain(facts),
    error: error && { ...error, class: errorEntry(error.code).class },
    warnings: asset.warnings,
    job: job && presentAdminJob({ job, filename: asset.filename }),
    attempts: attempts.map(presentAttempt),
    variants: variants.map(({ name, required, status, error }) => ({ name, required, status, error })),
    timeline: timelineOf(facts),
    quarantine: quarantine && presentQuarantine(quarantine),
    receipt: asset.receipt,
  }
}

const presentAttempt = ({ startedAt, finishedAt, ...run }: JobAttemptRow): JobAttempt => ({
  jobId: run.jobId,
  attempt: run.attempt,
  host: run.host,
  startedAt: startedAt.toISOString(),
  finishedAt: finishedAt?.toISOString() ?? null,
  durationMs: finishedAt && finishedAt.getTime() - startedAt.getTime(),
  outcome: run.outcome,
  peakMemoryBytes: run.peakMemoryBytes,
  error: run.error,
})
