import type { QueueName } from '@darkroom/contracts'
import type { Tx } from '@darkroom/db/client'
import { notifyJobs } from '@darkroom/db/jobs'
import { jobs, type QueueState, queueStates } from '@darkroom/db/schema'
import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'

/**
 * Pauses queues: no job is dispatched or claimed any more, running jobs continue. A queue that is already paused keeps its first
 * reason. When an alarm pauses it, the reason names the alarm's code.
 */
export async function pauseQueues(
  tx: Tx,
  { queues, by, reason }: { queues: QueueName[]; by: 'operator' | 'alarm'; reason: string | null },
): Promise<void> {
  if (queues.length === 0) return
  await tx
    .insert(queueStates)
    .values(inOrder(queues).map(queue => ({ queue, pausedAt: sql`now()`, pausedBy: by, reason })))
    .onConflictDoUpdate({
      target: queueStates.queue,
      set: { pausedAt: sql`excluded.paused_at`, pausedBy: sql`excluded.paused_by`, reason: sql`excluded.reason` },
      setWhere: isNull(queueStates.pausedAt),
    })
  for (const queue of queues) await notifyJobs(tx, queue)
}

/** Resumes queues, and wakes the dispatcher. @returns the pauses that this ended */
export async function resumeQueues(tx: Tx, queues: QueueName[]): Promise<QueueState[]> {
  if (queues.length === 0) return []
  // All of them, also those that are not paused: in the order in which who pauses locks them.
  const states = await tx
    .select()
    .from(queueStates)
    .where(inArray(queueStates.queue, queues))
    .orderBy(asc(queueStates.queue))
    .for('update')
  await tx
    .update(queueStates)
    .set({ pausedAt: null, pausedBy: null, reason: null })
    .where(inArray(queueStates.queue, queues))
  // Workers dropped dispatched entries when they found the queue paused.
  await tx
    .update(jobs)
    .set({ dispatchedAt: null })
    .where(and(inArray(jobs.queue, queues), eq(jobs.status, 'queued'), isNotNull(jobs.dispatchedAt)))
  for (const queue of queues) await notifyJobs(tx, queue)
  return states.filter(({ pausedAt }) => pausedAt !== null)
}

/** Lists every queue that is, or once was, paused. */
export const listQueueStates = (tx: Tx): Promise<QueueState[]> =>
  tx.select().from(queueStates).orderBy(asc(queueStates.queue))

/** Sorts queues, so that concurrent pauses lock the rows in the same order. */
const inOrder = (queues: QueueName[]) => [...new Set(queues)].sort()
