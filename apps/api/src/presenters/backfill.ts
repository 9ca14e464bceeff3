import type { Backfill } from '@darkroom/contracts'
import { type BackfillRecord, inCanary, openJobs } from '@darkroom/db/backfills'

export function presentBackfill(row: BackfillRecord): Backfill {
  const active = openJobs(row)
  const skipped = Object.values(row.skipped).reduce((sum, count) => sum + count, 0)
  const isOver = row.walkedAt !== null && active === 0
  return {
    id: row.id,
    preset: row.preset,
    filter: row.filter,
    status: row.status,
    phase: inCanary(row) ? 'canary' : 'rest',
    reason: row.reason,
    canary: row.canary,
    ratePerMinute: row.ratePerMinute,
    // Assets that left the selection meanwhile are neither done nor passed over.
    progress: isOver || row.total === 0 ? 1 : Math.min(1, (row.started - active + skipped) / row.total),
    total: row.total,
    started: row.started,
    active,
    succeeded: row.succeeded,
    partial: row.partial,
    failed: row.failed,
    cancelled: row.cancelled,
    skipped: row.skipped,
    failures: row.failures,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}
