import { appError, type JobName, type JobStatus, type QueueName } from '@darkroom/contracts'
import type { AppError } from '@darkroom/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { isInRange } from '../client/index-range.ts'
import type { Project } from '../schema/index.ts'

/** What a project has at this moment. */
export interface Usage {
  /** Of live objects. */
  bytes: number
  objects: number
  /** Declared by uploads that are neither confirmed nor given up. */
  openBytes: number
  openUploads: number
}

const SUMS = sql`coalesce(sum(bytes), 0)::float8 AS bytes, coalesce(sum(objects), 0)::float8 AS objects,
  coalesce(sum(open_bytes), 0)::float8 AS "openBytes", coalesce(sum(open_uploads), 0)::float8 AS "openUploads"`

/** Reads the usage of a project, exactly: totals and deltas not yet folded, in one snapshot. */
export async function readUsage(tx: Tx, projectId: string): Promise<Usage> {
  const [row] = await tx.execute<Usage & Record<string, unknown>>(sql`
    SELECT ${SUMS} FROM (
      SELECT bytes, objects, open_bytes, open_uploads FROM usage_totals WHERE project_id = ${projectId}
      UNION ALL
      SELECT bytes, objects, open_bytes, open_uploads FROM usage_deltas WHERE project_id = ${projectId}
    ) AS counted`)
  if (!row) throw new Error('an aggregate returned no row')
  return row
}

async function countActiveImports(tx: Tx, projectId: string): Promise<number> {
  const name: JobName = 'asset.import'
  const countOf = (status: JobStatus) => countJobs({ projectId, status }, sql`name = ${name}`)
  const [row] = await tx.execute<{ imports: number }>(sql`
    SELECT ${countOf('queued')} + ${countOf('running')} AS imports`)
  return row?.imports ?? 0
}

/** Counts jobs by the index that begins with these columns. */
function countJobs(of: { projectId: string; status: JobStatus; queue?: QueueName }, condition: SQL): SQL {
  const { projectId, status, queue } = of
  const range = {
    columns: [sql`jobs.project_id`, sql`jobs.status`, ...(queue ? [sql`jobs.queue`] : [])],
    values: [sql`${projectId}::uuid`, sql`${status}`, ...(queue ? [sql`${queue}`] : [])],
  }
  // Not among the conditions, of which one may lead to another index.
  return sql`(SELECT (count(*) FILTER (WHERE ${condition}))::int FROM jobs WHERE ${isInRange(range)})`
}

/** Counts the jobs of a project that are not settled. */
export async function countActiveJobs(tx: Tx, projectId: string): Promise<{ queued: number; running: number }> {
  const deletion: JobName = 'asset.delete'
  const work = countJobs({ projectId, status: 'queued' }, sql`name <> ${deletion}`)
  // A deletion whose objects are gone waits until nobody can write them any more: that is no work.
  const isDue = sql`name = ${deletion} AND available_at <= now()`
  const dueDeletions = countJobs({ projectId, status: 'queued', queue: 'system' }, isDue)
  const running = countJobs({ projectId, status: 'running' }, sql`true`)
  const [row] = await tx.execute<{ queued: number; running: number }>(sql`
    SELECT ${work} + ${dueDeletions} AS queued, ${running} AS running`)
  return row ?? { queued: 0, running: 0 }
}

/** How long a client waits for others of its project to confirm what they started, in seconds. */
const OPEN_UPLOADS_RETRY_SEC = 60

/** Tells whether uploads of a project must reserve room first. Uploads of other projects need no transaction. */
export const hasQuota = ({ quotaBytes, maxOpenUploads }: Project): boolean =>
  quotaBytes !== null || maxOpenUploads !== null

/**
 * Makes room for an upload in what a project may have. Uploads of a project that has a limit are created one after the
 * other from here to their commit, so that the last bytes are not given away twice.
 * @param byteSize null when nobody knows it yet
 * @throws QUOTA_EXCEEDED, or RATE_LIMITED when too many uploads are open
 */
export async function checkQuota(tx: Tx, project: Project, byteSize: number | null): Promise<void> {
  const [refusal] = await checkQuotas(tx, project, [byteSize])
  if (refusal) throw refusal
}

/**
 * Makes room for several uploads in turn: each is accepted or refused by itself.
 * @returns for each, null or why it is refused: QUOTA_EXCEEDED, or RATE_LIMITED when too many uploads are open
 */
export async function checkQuotas(
  tx: Tx,
  project: Project,
  byteSizes: readonly (number | null)[],
): Promise<(AppError | null)[]> {
  if (!hasQuota(project)) return byteSizes.map(() => null)
  const usage = await lockUsage(tx, project.id)
  const open = project.maxOpenUploads === null ? 0 : usage.openUploads + (await countActiveImports(tx, project.id))
  const room = {
    open,
    freeBytes: project.quotaBytes === null ? null : project.quotaBytes - usage.bytes - usage.openBytes,
  }
  return byteSizes.map(byteSize => {
    const refusal = openRefusal(project, room.open) ?? roomRefusal(project, room.freeBytes, byteSize)
    if (refusal) return refusal
    room.open++
    if (room.freeBytes !== null) room.freeBytes -= byteSize ?? 1
    return null
  })
}

/**
 * Checks the quota for bytes that have already arrived, after their upload was admitted.
 * @throws QUOTA_EXCEEDED
 */
export async function checkRoom(tx: Tx, project: Project, byteSize: number | null): Promise<void> {
  if (project.quotaBytes === null) return
  const { bytes, openBytes } = await lockUsage(tx, project.id)
  const refusal = roomRefusal(project, project.quotaBytes - bytes - openBytes, byteSize)
  if (refusal) throw refusal
}

async function lockUsage(tx: Tx, projectId: string): Promise<Usage> {
  // A statement of its own: the next one must see what was committed before the lock was had.
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`darkroom.quota.${projectId}`}, 0))`)
  return readUsage(tx, projectId)
}

/** Returns why no more uploads may be open. Imports count as long as they are under way. */
function openRefusal({ maxOpenUploads }: Project, open: number): AppError | null {
  if (maxOpenUploads === null || open < maxOpenUploads) return null
  const detail = `This project has ${open} open uploads, which is its maximum. Confirm or abort some of them.`
  return appError('RATE_LIMITED', detail, { retryAfterSec: OPEN_UPLOADS_RETRY_SEC })
}

/** Returns why a file has no room in the quota. A file of unknown size needs room for one byte. */
function roomRefusal({ quotaBytes }: Project, freeBytes: number | null, byteSize: number | null): AppError | null {
  if (freeBytes === null || (byteSize ?? 1) <= freeBytes) return null
  const file = byteSize === null ? 'The file has at least one byte' : `The file has ${byteSize} bytes`
  return appError('QUOTA_EXCEEDED', `${file}. The project has ${Math.max(0, freeBytes)} of ${quotaBytes} bytes left.`)
}

/**
 * Adds changes to the totals, the oldest first. Any number of processes may do it at once.
 * @returns how many changes there were
 */
export async function foldUsage(tx: Tx, limit: number): Promise<number> {
  const [row] = await tx.execute<{ folded: number }>(sql`
    WITH taken AS (
      DELETE FROM usage_deltas WHERE id IN (
        SELECT id FROM usage_deltas ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ) RETURNING project_id, bytes, objects, open_bytes, open_uploads
    ), folded AS (
      INSERT INTO usage_totals (project_id, bytes, objects, open_bytes, open_uploads)
      SELECT project_id, sum(bytes), sum(objects), sum(open_bytes), sum(open_uploads)
      FROM taken GROUP BY project_id ORDER BY project_id
      ON CONFLICT (project_id) DO UPDATE SET
        bytes = usage_totals.bytes + excluded.bytes, objects = usage_totals.objects + excluded.objects,
        open_bytes = usage_totals.open_bytes + excluded.open_bytes,
        open_uploads = usage_totals.open_uploads + excluded.open_uploads
    )
    SELECT count(*)::int AS folded FROM taken`)
  return row?.folded ?? 0
}

/** By how much the counted usage of a project was wrong. */
export interface UsageCorrection extends Usage {
  projectId: string
}

/**
 * Compares what is counted with the rows that it stands for and appends what is missing. Rows and counts are read in one
 * snapshot, so it is exact while others write.
 */
export async function reconcileUsage(tx: Tx): Promise<UsageCorrection[]> {
  // Two at once would both correct the same. A statement of its own: the snapshot must be younger than the lock.
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended('darkroom.usage', 0))`)
  const rows = await tx.execute<UsageCorrection & Record<string, unknown>>(sql`
    WITH wrong AS (
      SELECT project_id, sum(bytes) AS bytes, sum(objects) AS objects, sum(open_bytes) AS open_bytes, sum(open_uploads) AS open_uploads
      FROM (
        SELECT project_id, coalesce(bytes, 0) AS bytes, 1 AS objects, 0 AS open_bytes, 0 AS open_uploads
        FROM objects WHERE state = 'live'
        UNION ALL
        SELECT project_id, 0, 0, byte_size, 1 FROM uploads WHERE confirmed_at IS NULL AND aborted_at IS NULL
        UNION ALL
        SELECT project_id, -bytes, -objects, -open_bytes, -open_uploads FROM usage_totals
        UNION ALL
        SELECT project_id, -bytes, -objects, -open_bytes, -open_uploads FROM usage_deltas
      ) AS both_sides
      GROUP BY project_id
      HAVING sum(bytes) <> 0 OR sum(objects) <> 0 OR sum(open_bytes) <> 0 OR sum(open_uploads) <> 0
    ), corrected AS (
      INSERT INTO usage_deltas (project_id, bytes, objects, open_bytes, open_uploads) SELECT * FROM wrong
    )
    SELECT project_id AS "projectId", bytes::float8 AS bytes, objects::float8 AS objects,
      open_bytes::float8 AS "openBytes", open_uploads::float8 AS "openUploads" FROM wrong`)
  return [...rows]
}
