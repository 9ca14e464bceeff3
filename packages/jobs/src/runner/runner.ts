import type { JobPayload } from '@darkroom/contracts'
import type { QueueWorker } from '../executor/index.ts'
import { drain } from './drain.ts'
import { startLeaseRenewal } from './lease-renewal.ts'
import { type RunnerDeps, runJob } from './run-job.ts'

export interface Runner {
  /** Runs one job from claim to rows. Never throws: the row says how it went. */
  run(payload: JobPayload): Promise<void>
  /** Has workers take no more work, lets runs finish within the grace period, and hands the rest back. */
  drain(workers: readonly Pick<QueueWorker, 'active' | 'close'>[], graceSec: number): Promise<void>
  /** Renews no lease any more. */
  close(): void
}

/** Creates what runs the jobs of this process, and renews the leases of all its runs until it is closed. */
export function createRunner(deps: RunnerDeps): Runner {
  const leases = startLeaseRenewal(deps.database, deps.logger)
  return {
    run: payload => runJob({ ...deps, leases }, payload),
    drain: (workers, graceSec) => drain(workers, leases, graceSec),
    close: () => leases.close(),
  }
}
