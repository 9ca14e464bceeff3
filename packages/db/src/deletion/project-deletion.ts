import { appError } from '@darkroom/contracts'
import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { events, type Project, type ProjectDeletion, projectDeletions, projects } from '../schema/index.ts'

/** Finds the deletion of a project, also a completed one. */
export async function findProjectDeletion(tx: Tx, projectId: string): Promise<ProjectDeletion | null> {
  const [row] = await tx.select().from(projectDeletions).where(eq(projectDeletions.projectId, projectId))
  return row ?? null
}

const lockProject = async (tx: Tx, id: string): Promise<Project | null> => {
  const [row] = await tx.select().from(projects).where(eq(projects.id, id)).for('no key update')
  return row ?? null
}

/**
 * Closes a project at once and has it deleted after a delay. Asked again it stays as it is, but for a delay that is named:
 * that begins anew, as long as the deletion has not begun. Call it in a transaction.
 * @param by the public part of the key that asks
 * @param delayHours undefined is the delay of the installation
 * @returns null when there is no such project
 */
export async function requestProjectDeletion(
  tx: Tx,
  request: { id: string; by: string; delayHours: number | undefined; defaultDelayHours: number },
): Promise<Project | null> {
  const { id, by, delayHours, defaultDelayHours } = request
  const project = await lockProject(tx, id)
  if (!project || project.deletedAt) return project
  const standing = await findProjectDeletion(tx, id)
  if (standing?.startedAt || (standing && delayHours === undefined)) return project
  await tx.insert(projectDeletions).values({ projectId: id, requestedBy: by }).onConflictDoNothing()
  const seconds = (delayHours ?? defaultDelayHours) * 3600
  const closed = await setDeletesAt(tx, id, sql`now() + make_interval(secs => ${seconds})`)
  const data = { deletesAt: closed.deletesAt?.toISOString() }
  await tx.insert(events).values({ projectId: id, seq: 0, type: 'project.deleting', data })
  return closed
}

/**
 * Takes a deletion back that has not begun. A project that is not being deleted stays as it is. Call it in a transaction.
 * @returns null when there is no such project
 * @throws PROJECT_DELETED
 */
export async function restoreProject(tx: Tx, id: string): Promise<Project | null> {
  const project = await lockProject(tx, id)
  if (!project?.deletesAt) return project
  const undone = await tx
    .delete(projectDeletions)
    .where(and(eq(projectDeletions.projectId, id), isNull(projectDeletions.startedAt)))
    .returning({ id: projectDeletions.projectId })
  if (undone.length === 0)
    throw appError('PROJECT_DELETED', 'The deletion of this project has started, so it can no longer be restored.')
  const restored = await setDeletesAt(tx, id, sql`NULL`)
  await tx.insert(events).values({ projectId: id, seq: 0, type: 'project.restored' })
  return restored
}

async function setDeletesAt(tx: Tx, id: string, deletesAt: SQL): Promise<Project> {
  const [row] = await tx.update(projects).set({ deletesAt }).where(eq(projects.id, id)).returning()
  if (!row) throw new Error(`project ${id} was locked and is gone`)
  return row
}

/** Assets that are counted at most. */
export const MAX_COUNTED_ASSETS = 10_000

/** Counts the rows of assets that a project still has, deleted ones included; `MAX_COUNTED_ASSETS` at most. */
export async function countAssetRows(tx: Tx, projectId: string): Promise<number> {
  const [row] = await tx.execute<{ assets: number }>(sql`
    SELECT count(*)::int AS assets FROM (
      SELECT FROM assets WHERE project_id = ${projectId} LIMIT ${MAX_COUNTED_ASSETS}
    ) AS counted`)
  return row?.assets ?? 0
}

/** Projects whose delay is over and of which something may be removed now, the oldest request first. */
export async function findDueDeletions(tx: Tx): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    SELECT projects.id FROM project_deletions JOIN projects ON projects.id = project_id
    WHERE finished_at IS NULL AND deletes_at <= now() AND round_starts_at <= now() ORDER BY requested_at, projects.id`)
  return rows.map(row => row.id)
}

/**
 * Begins the deletion of a project: from this commit on it cannot be undone. It waits for no other transaction; while
 * one adds to the project or restores it, the caller tries again. Disables the project's endpoints and cancels its
 * backfills.
 */
export async function beginProjectDeletion(tx: Tx, id: string): Promise<void> {
  // Against every transaction that adds a row: each holds a share of this lock, and those that come later see `deletes_at`.
  const locked = await tx.execute(
    sql`SELECT FROM projects WHERE id = ${id} AND deletes_at <= now() FOR UPDATE SKIP LOCKED`,
  )
  if (locked.length === 0) return
  await tx.execute(sql`UPDATE project_deletions SET started_at = now() WHERE project_id = ${id} AND started_at IS NULL`)
  await tx.execute(sql`
    UPDATE webhook_endpoints SET disabled_at = now(), disabled_reason = 'owner'
    WHERE project_id = ${id} AND disabled_at IS NULL`)
  await tx.execute(sql`
    UPDATE backfills SET status = 'cancelled', finished_at = now()
    WHERE project_id = ${id} AND status IN ('running', 'paused')`)
}
