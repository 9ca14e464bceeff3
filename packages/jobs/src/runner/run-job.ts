import { setTimeout as sleep } from 'node:timers/promises'
import { appError, isJobName, type JobPayload, toAppError } from '@darkroom/contracts'
import { type AppError, type FaultInjection, isAppError, type Logger, withCorrelation } from '@darkroom/core'
import { measure, stopwatch } from '@darkroom/core/metrics'
import { type Span, withSpan } from '@darkroom/core/tracing'
import { giveUpRun, type StoredObject } from '@darkroom/db/assets'
import { type DatabaseClient, isDatabaseUnavailable } from '@darkroom/db/client'
import { correlationOf } from '@darkroom/db/jobs'
import { startFindings } from '../findings.ts'
import type { Handler, Handlers } from '../handler.ts'
import type { Outcome } from '../outcome.ts'
import { createRun, type Run } from '../run.ts'
import { type ClaimedJob, claimJob } from '../sql/index.ts'
import { LEASE_SEC, type LeaseRenewal, ShutdownError } from './lease-renewal.ts'
import { settleRun } from './settle-run.ts'

/** What the runner stands on. */
export interface RunnerDeps {
  readonly database: DatabaseClient
  readonly logger: Logger
  readonly faults: FaultInjection
  /** This process, as attempts name it. */
  readonly host: string
  /** Folders for the files of runs. */
  readonly tempDir: RunFolders
  readonly handlers: Handlers
  /** Deletes from the store what no row points to any more, and then its rows. */
  purge(doomed: StoredObject[]): Promise<void>
}

interface RunJobDeps extends RunnerDeps {
  readonly leases: LeaseRenewal
}

interface RunFolders {
  folderOf(runId: string): string
  create(folder: string): Promise<void>
  remove(folder: string): Promise<void>
}

/** Runs one job from claim to rows: claim, run, settle, clean up. Never throws: the row says how it went. */
export async function runJob(deps: RunJobDeps, { jobId }: JobPayload): Promise<void> {
  const { database, host, logger, faults } = deps
  // Whatever was not committed is found by the sweeper once the lease has run out.
  const report = (error: unknown) => logger.error({ err: error, jobId }, 'a run ended without settling its job')
  const claimed = await claimJob(database.db, { jobId, host, leaseSec: LEASE_SEC, faults }).catch(report)
  if (claimed) await withCorrelation(correlationOf(claimed.job), () => runToEnd(deps, claimed).catch(report))
}

async function runToEnd(deps: RunJobDeps, claimed: ClaimedJob): Promise<void> {
  const { id, name, queue, attempt } = claimed.job
  const attributes = {
    'darkroom.job.id': id,
    'darkroom.asset.id': claimed.asset.id,
    'darkroom.queue': queue,
    'darkroom.attempt': attempt,
  }
  deps.faults.crashpoint('claim.after-commit')
  await withSpan(`job ${name}`, { kind: 'consumer', attributes }, span =>
    runClaimed(deps, handlerOf(deps, name), claimed, span),
  )
  deps.faults.crashpoint('final.after-commit')
}

/** Returns the handler of a job. A claim takes only jobs whose names this version knows. */
function handlerOf({ handlers }: RunnerDeps, name: string): Handler<unknown> {
  if (!isJobName(name)) throw new Error(`there is no handler for the job ${name}`)
  return handlers[name]
}

async function runClaimed<Result>(
  deps: RunJobDeps,
  handler: Handler<Result>,
  claimed: ClaimedJob,
  span: Span,
): Promise<void> {
  const { database, leases, tempDir, logger } = deps
  const { signal, release } = leases.hold(claimed.lease)
  const workDir = tempDir.folderOf(claimed.lease.leaseToken)
  const run = createRun(database.db, claimed, { workDir, signal })
  const findings = startFindings()
  const elapsedSec = stopwatch()
  try {
    const outcome = await outcomeOf(signal, async () => {
      await tempDir.create(workDir)
      return handler.run(run, findings)
    })
    const settled = await withSpan('settle job', {}, () => settleRun(deps, handler, run, outcome, findings))
    span.set({ 'darkroom.outcome': settled })
    if ('error' in outcome) span.fail(outcome.error)
    else if (settled === 'failed') span.fail('failed at its commit')
    const { queue, name: job } = run.job
    measure('darkroom_run_duration_seconds', { queue, job, outcome: settled }, elapsedSec())
    logger.debug({ job, queue, outcome: settled, durationMs: Math.round(elapsedSec() * 1000) }, 'a run ended')
  } finally {
    release()
    await Promise.all([tempDir.remove(workDir), cleanUp(deps, run).catch(warn(deps, run))])
  }
}

/** Returns the outcome of a handler, or the outcome that its exception means. */
async function outcomeOf<Result>(signal: AbortSignal, work: () => Promise<Outcome<Result>>): Promise<Outcome<Result>> {
  try {
    return await Promise.race([work(), abandoned(signal)])
  } catch (error) {
    // An abort shows as whatever the aborted call throws; the reason of the signal is what happened.
    const cause = signal.aborted ? signal.reason : error
    if (cause instanceof ShutdownError) return { type: 'snoozed', delayMs: 0 }
    return { type: 'failed', error: translate(cause) }
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

/** Removes from the store what the run wrote and did not publish, and what it replaced. */
async function cleanUp({ database, purge }: RunnerDeps, { lease, asset }: Run): Promise<void> {
  await purge(await giveUpRun(database.db, { assetId: asset.id, leaseToken: lease.leaseToken }))
}

const warn =
  ({ logger }: RunnerDeps, { job }: Run) =>
  (error: unknown) => {
    logger.warn({ err: error, jobId: job.id }, 'could not remove the objects of a run; maintenance will remove them')
  }
