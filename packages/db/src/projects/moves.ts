import { and, eq, isNull, lte, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { type MoveRow, moves } from '../schema/index.ts'

/** Begins to take what a project has out of the public bucket; once more begins anew. */
export async function requestMove(tx: Tx, projectId: string): Promise<void> {
  const anew = { requestedAt: sql`now()`, roundStartedAt: sql`now()`, cursor: null, found: 0, finishedAt: null }
  await tx.insert(moves).values({ projectId }).onConflictDoUpdate({ target: moves.projectId, set: anew })
}

/** Ends the move of a project that is no longer private. What was moved stays where it is. */
export async function endMove(tx: Tx, projectId: string): Promise<void> {
  await tx.delete(moves).where(eq(moves.projectId, projectId))
}

export async function findMove(tx: Tx, projectId: string): Promise<MoveRow | null> {
  const [row] = await tx.select().from(moves).where(eq(moves.projectId, projectId))
  return row ?? null
}

/** Projects whose round has something to do. */
export async function findActiveMoves(tx: Tx): Promise<string[]> {
  const rows = await tx
    .select({ projectId: moves.projectId })
    .from(moves)
    .where(and(isNull(moves.finishedAt), lte(moves.roundStartedAt, sql`now()`)))
  return rows.map(row => row.projectId)
}
