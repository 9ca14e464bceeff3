import { type AppError, isAppError } from '@darkroom/core'
import { raiseRevision } from '@darkroom/db/assets'
import type { Tx } from '@darkroom/db/client'
import type { Findings } from '../findings.ts'
import type { Handler, Run } from '../handler.ts'
import type { Outcome } from '../outcome.ts'
import { endJob, fenced, type Rest, type RunEnd, returnJob } from '../sql/index.ts'
import { decideFailure, pauseForOperator } from './failure-policy.ts'
import { adminDetailOf, toResourceError } from './resource-error.ts'
import { variantRetryDelayMs } from './retry-policy.ts'
import type { RunnerDeps } from './run-job.ts'

type SettleDeps = Pick<RunnerDeps, 'database' | 'logger' | 'faults'>

/** A run that ended, and what ends it in the rows. */
interface EndedRun<Result> {
  handler: Handler<Result>
  run: Run
  findings: Findings
}

/** What a run came to in the rows; `fenced` when it had lost its lease, and nothing was written. */
type Settled = Outcome<unknown>['type'] | 'fenced'

/** Maps the outcome of a run to rows; the only place that does. A run that has lost its lease writes nothing. */
export async function settleRun<Result>(
  deps: SettleDeps,
  handler: Handler<Result>,
  run: Run,
  outcome: Outcome<Result>,
  findings: Findings,
): Promise<Settled> {
  const { lease, job } = run
  const ended = { handler, run, findings }
  const inFence = (write: (tx: Tx) => Promise<void>) => fenced(deps.database.db, lease, write)
  const end = endOf(findings, outcome.type)
  try {
    switch (outcome.type) {
      case 'done':
        deps.faults.crashpoint('final.before-commit')
        return await complete(deps, ended, outcome.result, end)
      case 'skipped':
        await inFence(async tx => {
          await endJob(tx, lease, 'succeeded', end)
          await raiseRevision(tx, lease.assetId, 'job.skipped')
        })
        return 'skipped'
      case 'cancelled':
        await inFence(tx => endJob(tx, lease, 'cancelled', end))
        return 'cancelled'
      case 'snoozed':
        await inFence(tx =>
          returnJob(tx, lease, { delayMs: outcome.delayMs, lane: job.lane, countsAsAttempt: false, end }),
        )
        return 'snoozed'
      case 'failed':
        return await settleFailure(deps, ended, outcome.error)
      case 'incomplete':
        deps.faults.crashpoint('final.before-commit')
        return await settleRest(deps, ended, outcome.result, outcome.error)
    }
  } catch (error) {
    if (!isAppError(error, 'LEASE_LOST')) throw error
    deps.logger.info({ jobId: job.id }, 'a run had lost its lease; ending it without an error')
    return 'fenced'
  }
}

/** Returns what the attempt records of a run. */
const endOf = ({ peakMemoryBytes }: Findings, outcome: Outcome<unknown>['type'], error?: AppError): RunEnd => ({
  outcome,
  peakMemoryBytes: peakMemoryBytes ?? undefined,
  error: error && toResourceError(error),
  said: error && adminDetailOf(error),
})

/** Completes a run. An error that appears only at commit, such as a used-up quota, is an ordinary failure. */
async function complete<Result>(
  deps: SettleDeps,
  ended: EndedRun<Result>,
  result: Result,
  end: RunEnd,
  rest?: Rest,
): Promise<Settled> {
  try {
    await ended.handler.complete(ended.run, result, end, rest)
    return rest ? 'incomplete' : 'done'
  } catch (error) {
    if (!isAppError(error)) throw error
    return settleFailure(deps, ended, error)
  }
}

/**
 * Publishes what was made and tries the rest again, as long as that may help. What was published before is left as it is until
 * then.
 */
async function settleRest<Result>(
  deps: SettleDeps,
  ended: EndedRun<Result>,
  result: Result,
  error: AppError,
): Promise<Settled> {
  const { run, findings } = ended
  const { lease, job, asset } = run
  const delayMs = variantRetryDelayMs(error, job)
  let settled: Settled = 'incomplete'
  if (delayMs === null || asset.status === 'processing')
    settled = await complete(deps, ended, result, endOf(findings, 'incomplete'), {
      error: toResourceError(error),
      delayMs,
    })
  else
    await fenced(deps.database.db, lease, tx => {
      const end = endOf(findings, 'incomplete', error)
      return returnJob(tx, lease, { delayMs, lane: 'retry', countsAsAttempt: true, end })
    })
  deps.logger.info(
    factsOf(run, error),
    delayMs === null ? 'a job could not make some variants' : 'some variants failed; retrying them',
  )
  return settled
}

async function settleFailure(
  deps: SettleDeps,
  { handler, run, findings }: EndedRun<unknown>,
  error: AppError,
): Promise<Settled> {
  if (error.code === 'LEASE_LOST') throw error
  const { lease, job } = run
  const end = endOf(findings, 'failed', error)
  const verdict = await fenced(deps.database.db, lease, async tx => {
    const decided = await decideFailure(tx, run, error, findings)
    if (decided.type === 'retry') {
      const { delayMs } = decided
      await returnJob(tx, lease, { delayMs, lane: 'retry', countsAsAttempt: true, end })
    } else if (decided.type === 'pause') {
      await returnJob(tx, lease, { delayMs: 0, lane: job.lane, countsAsAttempt: false, end })
      await pauseForOperator(tx, error)
    } else {
      await handler.onFailed(tx, run, error, findings)
      await endJob(tx, lease, 'failed', end)
    }
    return decided.type
  })
  const facts = { ...factsOf(run, error), context: error.context }
  if (error.code === 'INTERNAL') deps.logger.error(facts, 'a job failed because of a bug')
  else if (verdict === 'pause') deps.logger.error(facts, 'paused all queues until an operator resumes them')
  else deps.logger.info(facts, verdict === 'fail' ? 'a job failed' : 'a job failed; retrying')
  return 'failed'
}

/** Returns the fields of a log line. */
const factsOf = ({ job, asset }: Run, error: AppError) => ({
  err: error,
  jobId: job.id,
  assetId: asset.id,
  attempt: job.attempt,
  code: error.code,
})
