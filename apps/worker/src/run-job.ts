import { setTimeout as sleep } from 'node:timers/promises'
import { appError, type JobPayload, toAppError } from '@darkroom/contracts'
import { type AppError, failed, isAppError, type Outcome, snoozed } from '@darkroom/core'
import { giveUpRun, raiseRevision } from '@darkroom/db/assets'
import { isDatabaseUnavailable } from '@darkroom/db/client'
import { type ClaimedJob, claimJob, endJob, fenced, type Rest, type RunEnd, returnJob } from '@darkroom/jobs/sql'
import { decideFailure, pauseForOperator } from './decide-failure.ts'
import type { WorkerDeps } from './deps.ts'
import type { Handler, Run } from './handlers/handler.ts'
import { handlerOf } from './handlers/index.ts'
import { LEASE_SEC, ShutdownError } from './lease-keeper.ts'
import { purgeObjects } from './purge-objects.ts'
import { saidOf, toResourceError } from './resource-error.ts'
import { variantRetryDelayMs } from './retry-policy.ts'

/** One job from claim to rows: claim, run, settle, clean up. Never throws: the row says how it went. */
export async function runJob(deps: WorkerDeps, { jobId }: JobPayload): Promise<void> {
  const { database, settings, logger, faults } = deps
  try {
    const claimed = await claimJob(database.db, { jobId, host: settings.host, leaseSec: LEASE_SEC, faults })
    if (!claimed) return
    faults.crashpoint('claim.after-commit')
    await runClaimed(deps, handlerOf(claimed.job.name), claimed)
    faults.crashpoint('final.after-commit')
  } catch (error) {
    // Whatever was not committed is found by the sweeper once the lease has run out.
    logger.error({ err: error, jobId }, 'a run ended without settling its job')
  }
}

async function runClaimed(deps: WorkerDeps, handler: Handler, claimed: ClaimedJob): Promise<void> {
  const { leases, tempDir } = deps
  const { signal, release } = leases.hold(claimed.lease)
  const run: Run = {
    ...claimed,
    workDir: tempDir.folderOf(claimed.lease.leaseToken),
    signal,
    peakMemoryBytes: 0,
    sourceSha256: null,
    placeholder: null,
    warnings: { found: [], leavesFiles: true },
    planned: [],
    imported: null,
    moved: null,
  }
  try {
    const outcome = await outcomeOf(run, async () => {
      await tempDir.create(run.workDir)
      return handler.run(deps, run)
    })
    await settle(deps, handler, run, outcome)
  } finally {
    release()
    await Promise.all([tempDir.remove(run.workDir), cleanUp(deps, run).catch(warn(deps, run))])
  }
}

/** What a handler returned, or what its exception means. */
async function outcomeOf(run: Run, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await Promise.race([work(), abandoned(run.signal)])
  } catch (error) {
    // An abort shows as whatever the aborted call throws; the reason of the signal is what happened.
    const cause = run.signal.aborted ? run.signal.reason : error
    if (cause instanceof ShutdownError) return snoozed(0)
    return failed(translate(cause))
  }
}

/** A run that was called off and does not end has hung on something; its slot is needed. Rejects this long after the abort. */
const ABANDON_AFTER_MS = 20_000

async function abandoned(signal: AbortSignal): Promise<never> {
  await new Promise(resolve => {
    if (signal.aborted) resolve(null)
    else signal.addEventListener('abort', resolve, { once: true })
  })
  await sleep(ABANDON_AFTER_MS, undefined, { ref: false })
  throw signal.reason
}

function translate(cause: unknown): AppError {
  if (isDiskFull(cause)) return appError('NO_SPACE', undefined, { cause })
  // AppErrors may have such a cause as well, and know better what it means.
  if (!isAppError(cause) && isDatabaseUnavailable(cause))
    return appError('UNAVAILABLE', 'The database does not respond.', { cause })
  return toAppError(cause)
}

const isDiskFull = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOSPC'

/** Maps an outcome to rows; the only place that does. */
async function settle(deps: WorkerDeps, handler: Handler, run: Run, outcome: Outcome): Promise<void> {
  const { lease, job } = run
  const inFence = (write: Parameters<typeof fenced<void>>[2]) => fenced(deps.database.db, lease, write)
  const end = (error?: AppError): RunEnd => ({
    outcome: outcome.type,
    peakMemoryBytes: run.peakMemoryBytes || undefined,
    error: error && toResourceError(error),
    said: error && saidOf(error),
  })
  try {
    switch (outcome.type) {
      case 'done':
        deps.faults.crashpoint('final.before-commit')
        return await complete(deps, handler, run, end)
      case 'skipped':
        return await inFence(async tx => {
          await endJob(tx, lease, 'succeeded', end())
          await raiseRevision(tx, lease.assetId, 'job.skipped')
        })
      case 'cancelled':
        return await inFence(tx => endJob(tx, lease, 'cancelled', end()))
      case 'snoozed':
        return await inFence(tx =>
          returnJob(tx, lease, { delayMs: outcome.delayMs, lane: job.lane, countsAsAttempt: false, end: end() }),
        )
      case 'failed':
        return await settleFailure(deps, handler, run, outcome.error, end(outcome.error))
      case 'incomplete':
        deps.faults.crashpoint('final.before-commit')
        return await settleRest(deps, handler, run, outcome.error, end)
    }
  } catch (error) {
    if (!isAppError(error, 'LEASE_LOST')) throw error
    deps.logger.info({ jobId: job.id }, 'a run had lost its lease; ending it without an error')
  }
}

/** An obstacle that appears only at commit, such as a used-up quota, is an ordinary failure. */
async function complete(
  deps: WorkerDeps,
  handler: Handler,
  run: Run,
  end: (error?: AppError) => RunEnd,
  rest?: Rest,
): Promise<void> {
  try {
    await handler.complete(deps, run, end(), rest)
  } catch (error) {
    if (!isAppError(error)) throw error
    await settleFailure(deps, handler, run, error, { ...end(error), outcome: 'failed' })
  }
}

/**
 * What was made is published at once and the rest is tried again, as long as that may help. What was published before is left
 * as it is until then.
 */
async function settleRest(
  deps: WorkerDeps,
  handler: Handler,
  run: Run,
  error: AppError,
  end: (error?: AppError) => RunEnd,
): Promise<void> {
  const { lease, job, asset } = run
  const delayMs = variantRetryDelayMs(error, job)
  if (delayMs === null || asset.status === 'processing')
    await complete(deps, handler, run, end, { error: toResourceError(error), delayMs })
  else
    await fenced(deps.database.db, lease, tx =>
      returnJob(tx, lease, { delayMs, lane: 'retry', countsAsAttempt: true, end: end(error) }),
    )
  const facts = { err: error, jobId: job.id, assetId: asset.id, attempt: job.attempt, code: error.code }
  deps.logger.info(
    facts,
    delayMs === null ? 'a job could not make some variants' : 'some variants failed; retrying them',
  )
}

async function settleFailure(
  deps: WorkerDeps,
  handler: Handler,
  run: Run,
  error: AppError,
  end: RunEnd,
): Promise<void> {
  if (error.code === 'LEASE_LOST') throw error
  const { lease, job, asset } = run
  const facts = {
    err: error,
    jobId: job.id,
    assetId: asset.id,
    attempt: job.attempt,
    code: error.code,
    context: error.context,
  }
  const verdict = await fenced(deps.database.db, lease, async tx => {
    const decided = await decideFailure(tx, run, error)
    if (decided.type === 'retry') {
      const { delayMs } = decided
      await returnJob(tx, lease, { delayMs, lane: 'retry', countsAsAttempt: true, end })
    } else if (decided.type === 'pause') {
      await returnJob(tx, lease, { delayMs: 0, lane: job.lane, countsAsAttempt: false, end })
      await pauseForOperator(tx, error)
    } else {
      await handler.onFailed(tx, deps, run, error)
      await endJob(tx, lease, 'failed', end)
    }
    return decided.type
  })
  if (error.code === 'INTERNAL') deps.logger.error(facts, 'a job failed because of a bug')
  else if (verdict === 'pause') deps.logger.error(facts, 'paused all queues until an operator resumes them')
  else deps.logger.info(facts, verdict === 'fail' ? 'a job failed' : 'a job failed; retrying')
}

/** Removes from the store what the run wrote and did not publish, and what it replaced. */
async function cleanUp(deps: WorkerDeps, { lease, asset }: Run): Promise<void> {
  const due = await giveUpRun(deps.database.db, { assetId: asset.id, leaseToken: lease.leaseToken })
  await purgeObjects(deps, due, { onlyKnownVersion: true })
}

const warn =
  ({ logger }: WorkerDeps, { job }: Run) =>
  (error: unknown) => {
    logger.warn({ err: error, jobId: job.id }, 'could not remove the objects of a run; maintenance will remove them')
  }
