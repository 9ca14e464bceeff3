import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { taskTurns } from '../schema/index.ts'

/** One time that a task is done, by one of all processes. */
interface Turn {
  task: string
  begunAt: Date
}

const openFor = (seconds: number): SQL => sql`now() + make_interval(secs => ${seconds})`

/**
 * Begins a task that nobody has begun within `everySec`, or whose turn was neither ended nor kept for `openSec`: whoever had
 * it is gone, or could not do it. Null when it is not this caller's turn.
 */
export async function claimTurn(
  tx: Tx,
  { task, everySec, openSec }: { task: string; everySec: number; openSec: number },
): Promise<Turn | null> {
  const openUntil = openFor(openSec)
  const [turn] = await tx
    .insert(taskTurns)
    .values({ task, openUntil })
    .onConflictDoUpdate({
      target: taskTurns.task,
      set: { begunAt: sql`now()`, openUntil },
      setWhere: sql`CASE WHEN ${taskTurns.openUntil} IS NULL
        THEN ${taskTurns.begunAt} < now() - make_interval(secs => ${everySec}) ELSE ${taskTurns.openUntil} < now() END`,
    })
    .returning({ task: taskTurns.task, begunAt: taskTurns.begunAt })
  return turn ?? null
}

const isTurn = ({ task, begunAt }: Turn) => and(eq(taskTurns.task, task), eq(taskTurns.begunAt, begunAt))

/** Says that a task is being done; false when somebody else does it now. */
export async function keepTurn(tx: Tx, turn: Turn, openSec: number): Promise<boolean> {
  const kept = await tx
    .update(taskTurns)
    .set({ openUntil: openFor(openSec) })
    .where(isTurn(turn))
    .returning({ task: taskTurns.task })
  return kept.length > 0
}

/** Ends a turn; one in which the task was not done may be had by the next who asks. */
export async function endTurn(tx: Tx, turn: Turn, { isDone }: { isDone: boolean }): Promise<void> {
  await tx
    .update(taskTurns)
    .set({ openUntil: isDone ? null : sql`now()` })
    .where(isTurn(turn))
}
