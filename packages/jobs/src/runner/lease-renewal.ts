import { appError } from '@darkroom/contracts'
import { type Correlation, correlation, type Logger, withCorrelation } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import { type Lease, renewLeases } from '../sql/index.ts'

export const LEASE_SEC = 15
const RENEW_EVERY_MS = 5000

/** The reason of an abort by a shutdown: the job is queued again. */
export class ShutdownError extends Error {
  constructor() {
    super('the worker is shutting down')
    this.name = 'ShutdownError'
  }
}

export interface LeaseRenewal {
  /** Renews the lease until `release`. The signal aborts when the lease is lost or the worker shuts down. */
  hold(lease: Lease): { signal: AbortSignal; release(): void }
  /** Aborts every run with `ShutdownError`. */
  abortAll(): void
  close(): void
}

interface HeldRun {
  lease: Lease
  controller: AbortController
  renewedAt: number
  correlation: Correlation
}

/** Renews the leases of all runs of this process with one query. */
export function startLeaseRenewal(database: DatabaseClient, logger: Logger): LeaseRenewal {
  const held = new Map<string, HeldRun>()

  const lose = (token: string) => {
    const run = held.get(token)
    if (!run || run.controller.signal.aborted) return
    const { jobId } = run.lease
    withCorrelation(run.correlation, () => logger.warn({ jobId }, 'lost the lease of a job; aborting its run'))
    run.controller.abort(appError('LEASE_LOST', undefined, { context: { jobId } }))
  }

  /** From then on the database may have given the job to another worker. Monotonic time, because clocks jump. */
  const loseOverdue = () => {
    for (const [token, run] of held) if (performance.now() - run.renewedAt > LEASE_SEC * 1000) lose(token)
  }

  const renew = async () => {
    // Also for a query that is never answered: a dead connection is noticed later than a lease expires.
    loseOverdue()
    const tokens = [...held.keys()]
    if (tokens.length === 0) return
    const askedAt = performance.now()
    try {
      const kept = await renewLeases(database.db, tokens, LEASE_SEC)
      for (const token of tokens) {
        const run = held.get(token)
        if (run && kept.has(token)) run.renewedAt = Math.max(run.renewedAt, askedAt)
        else lose(token)
      }
    } catch (error) {
      logger.warn({ err: error }, 'could not renew leases')
      loseOverdue()
    }
  }

  const timer = setInterval(() => void renew(), RENEW_EVERY_MS)
  return {
    hold(lease) {
      const controller = new AbortController()
      held.set(lease.leaseToken, { lease, controller, renewedAt: performance.now(), correlation: correlation() })
      return { signal: controller.signal, release: () => held.delete(lease.leaseToken) }
    },
    abortAll() {
      for (const { controller } of held.values()) controller.abort(new ShutdownError())
    },
    close: () => clearInterval(timer),
  }
}
