import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { taskLeases } from '../schema/index.ts'

/** One time that a task is done, by one of all processes. */
interface TaskLease {
  task: string
  begunAt: Date
}

const openFor = (seconds: number): SQL => sql`now() + make_interval(secs => ${seconds})`

/**
 * Begins a task that nobody has begun within `everySec`, or whose lease was neither ended nor kept for `openSec`: whoever had
 * it is gone, or could not do it. Null when it is not this caller's lease.
 */
export async function claimTaskLease(
  tx: Tx,
  { task, everySec, openSec }: { task: string; everySec: number; openSec: number },
): Promise<TaskLease | null> {
  const openUntil = openFor(openSec)
  const [lease] = await tx
    .insert(taskLeases)
    .values({ task, openUntil })
    .onConflictDoUpdate({
      target: taskLeases.task,
      set: { begunAt: sql`now()`, openUntil },
      setWhere: sql`CASE WHEN ${taskLeases.openUntil} IS NULL
        THEN ${taskLeases.begunAt} < now() - make_interval(secs => ${everySec}) ELSE ${taskLeases.openUntil} < now() END`,
    })
    .returning({ task: taskLeases.task, begunAt: taskLeases.begunAt })
  return lease ?? null
}

const isLease = ({ task, begunAt }: TaskLease) => and(eq(taskLeases.task, task), eq(taskLeases.begunAt, begunAt))

/** Says that a task is being done; false when somebody else does it now. */
export async function renewTaskLease(tx: Tx, lease: TaskLease, openSec: number): Promise<boolean> {
  const kept = await tx
    .update(taskLeases)
    .set({ openUntil: openFor(openSec) })
    .where(isLease(lease))
    .returning({ task: taskLeases.task })
  return kept.length > 0
}

/** Ends a lease; one in which the task was not done may be had by the next who asks. */
export async function releaseTaskLease(tx: Tx, lease: TaskLease, { isDone }: { isDone: boolean }): Promise<void> {
  await tx
    .update(taskLeases)
    .set({ openUntil: isDone ? null : sql`now()` })
    .where(isLease(lease))
}
