import { appError } from '@darkroom/contracts'
import { isSabotaged } from '@darkroom/core'
import { type SQL, sql } from 'drizzle-orm'

/** The lease that a run holds on its job; every write of the run is fenced by it. */
export interface Lease {
  jobId: string
  projectId: string
  assetId: string
  leaseToken: string
  generation: number
}

export const leaseLost = (lease: Lease) =>
  appError('LEASE_LOST', undefined, { context: { jobId: lease.jobId, assetId: lease.assetId } })

/** The fence as the harness takes it away, to prove that it notices; null in every real process. */
export const lostFence = (): SQL | null => (isSabotaged('fence') ? sql`true` : null)
