import { MEDIA_KINDS, type MediaKind, type QueueName } from '@darkroom/contracts'
import { asc, eq, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { type WorkerRow, workers } from '../schema/index.ts'

/** Part of a statement: a worker that was not heard of for longer serves nothing. */
export const isLiving = sql`workers.seen_at > now() - interval '30 seconds'`
/** The row of a dead one goes later, so that an admin can see which host it was. */
const REMEMBERED = sql`interval '1 hour'`

/** Records the heartbeat of a worker. Inserts its row when there is none, as at the start or after it was frozen. */
export async function registerWorker(
  tx: Tx,
  worker: Pick<WorkerRow, 'id' | 'host' | 'version' | 'slots'> &
    Partial<Pick<WorkerRow, 'engines' | 'load'>> & { queues: QueueName[]; lacks: MediaKind[] },
): Promise<void> {
  await tx
    .insert(workers)
    .values(worker)
    .onConflictDoUpdate({ target: workers.id, set: { ...worker, seenAt: sql`now()` } })
}

/** Says that a worker takes no more work and ends soon. */
export async function markDraining(tx: Tx, id: string): Promise<void> {
  await tx
    .update(workers)
    .set({ drainingAt: sql`coalesce(${workers.drainingAt}, now())` })
    .where(eq(workers.id, id))
}

/** Removes the row of a worker that ended properly. */
export async function removeWorker(tx: Tx, id: string): Promise<void> {
  await tx.delete(workers).where(eq(workers.id, id))
}

/** Workers that were heard of within 30 seconds, by the database's clock, the oldest first. */
export const livingWorkers = (tx: Tx): Promise<WorkerRow[]> =>
  tx.select().from(workers).where(isLiving).orderBy(asc(workers.startedAt), asc(workers.id))

/** Forgets workers that were not heard of for an hour. */
export async function dropDeadWorkers(tx: Tx): Promise<void> {
  await tx.delete(workers).where(sql`${workers.seenAt} < now() - ${REMEMBERED}`)
}

/**
 * Kinds of media that nobody can make anything of: some living worker was to serve them and lacks the tools, and none that
 * is remembered has them. A kind whose workers are merely away for a while is not among them.
 */
export async function kindsWithoutTools(tx: Tx): Promise<MediaKind[]> {
  const rows = await tx.execute<{ kind: string }>(sql`
    SELECT DISTINCT kind FROM workers, unnest(lacks) AS kind WHERE ${isLiving}
    EXCEPT SELECT unnest(queues) FROM workers`)
  return MEDIA_KINDS.filter(kind => rows.some(row => row.kind === kind))
}
