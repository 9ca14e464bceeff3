import { sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { taskTurns } from '../schema/index.ts'

/** Whether it is this caller's turn: at most one of all processes begins a task within `everySec`. */
export async function claimTurn(tx: Tx, task: string, everySec: number): Promise<boolean> {
  const rows = await tx
    .insert(taskTurns)
    .values({ task })
    .onConflictDoUpdate({
      target: taskTurns.task,
      set: { begunAt: sql`now()` },
      setWhere: sql`${taskTurns.begunAt} < now() - make_interval(secs => ${everySec})`,
    })
    .returning({ task: taskTurns.task })
  return rows.length > 0
}
