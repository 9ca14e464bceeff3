import { QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import type { FaultInjection, Logger } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import type { JobQueues } from '../executor/index.ts'
import { findUnclaimed, findUnwanted, keepDispatches, undoDispatches } from '../sql/index.ts'
import { dispatchId } from './dispatch-queue.ts'

const BATCH = 1000

/**
 * Compares dispatched rows with the entries of BullMQ, and undoes lost dispatches: of a queue that was wiped, or of
 * an entry whose worker died before it claimed the row. Entries that no row wants are dropped by the claim.
 * @param olderThanSec more recent dispatches are left alone: they may be under way
 * @returns how many are to be dispatched again
 */
export async function reconcile(
  deps: { database: DatabaseClient; queues: JobQueues; logger: Logger; faults: FaultInjection },
  olderThanSec: number,
): Promise<number> {
  if (deps.faults.isDisabled('reconciler')) return 0
  let lost = 0
  for (const queue of QUEUE_NAMES) lost += await reconcileQueue(deps, queue, olderThanSec)
  return lost
}

async function reconcileQueue(
  { database: { db }, queues, logger }: { database: DatabaseClient; queues: JobQueues; logger: Logger },
  queue: QueueName,
  olderThanSec: number,
): Promise<number> {
  const unclaimed = await findUnclaimed(db, { queue, olderThanSec, limit: BATCH })
  if (unclaimed.length === 0) return 0
  const held = await queues.waiting(queue)
  const isHeld = ({ jobId, dispatchSeq }: { jobId: string; dispatchSeq: number }) =>
    held.has(dispatchId(jobId, dispatchSeq))
  await keepDispatches(db, unclaimed.filter(isHeld))
  const lost = await undoDispatches(
    db,
    unclaimed.filter(dispatch => !isHeld(dispatch)),
  )
  if (lost > 0) logger.warn({ queue, lost }, 'the queue had lost entries; dispatching their jobs again')
  const unwanted = await findUnwanted(db, held)
  for (const id of unwanted) await queues.remove(queue, id)
  if (unwanted.length > 0) logger.info({ queue, removed: unwanted.length }, 'removed stale queue entries')
  return lost
}
