import { JOB_PAYLOAD_VERSION, type QueueName } from '@darkroom/contracts'
import type { FaultInjection } from '@darkroom/core'
import { parseTraceparent, withSpan } from '@darkroom/core/tracing'
import type { DatabaseClient } from '@darkroom/db/client'
import type { JobQueues, QueueEntry } from '../executor/index.ts'
import { type Dispatch, takeDispatches, undoDispatches } from '../sql/index.ts'

/** BullMQ is kept shallow, so that urgent jobs do not wait behind jobs that were dispatched long ago. */
const MAX_DEPTH = 100

/** Returns the executor's id of one dispatch of a job. It is never used again. */
export const dispatchId = (jobId: string, seq: number): string => `${jobId}-${seq}`

/**
 * Dispatches the next jobs of a queue to BullMQ. The row is marked first: after a crash in between nobody claims the job, and the
 * reconciler dispatches it again.
 * @returns whether the queue is full, so that more may be waiting
 */
export async function dispatchQueue(
  { database, queues, faults }: { database: DatabaseClient; queues: JobQueues; faults: FaultInjection },
  queue: QueueName,
): Promise<boolean> {
  const { dispatches, depth } = await takeDispatches(database.db, { queue, maxDepth: MAX_DEPTH, faults })
  if (dispatches.length > 0) faults.crashpoint('dispatch.after-mark')
  const results = await Promise.allSettled(dispatches.map(dispatch => add(queues, queue, dispatch)))
  if (dispatches.length > 0) faults.crashpoint('dispatch.after-add')
  const refused = results.flatMap((result, index) => {
    const dispatch = dispatches[index]
    return result.status === 'rejected' && dispatch ? [{ dispatch, reason: result.reason }] : []
  })
  if (refused.length > 0) {
    await undoDispatches(
      database.db,
      refused.map(({ dispatch }) => dispatch),
    )
    throw refused[0]?.reason
  }
  return depth >= MAX_DEPTH
}

function add(queues: JobQueues, queue: QueueName, dispatch: Dispatch): Promise<void> {
  const { jobId, dispatchSeq, priority, isReserved, traceparent } = dispatch
  const entry: QueueEntry = {
    dispatchId: dispatchId(jobId, dispatchSeq),
    payload: { v: JOB_PAYLOAD_VERSION, jobId },
    priority: 1 + priority,
    isReserved,
  }
  const parent = parseTraceparent(traceparent)
  const attributes = { 'darkroom.queue': queue, 'darkroom.job.id': jobId, 'darkroom.dispatch': dispatchSeq }
  return withSpan(`dispatch ${queue}`, { kind: 'producer', parent, needsParent: true, attributes }, () =>
    queues.add(queue, entry),
  )
}
