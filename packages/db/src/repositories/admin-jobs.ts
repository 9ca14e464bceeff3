import { type AdminJobQuery, JOB_STATUSES, type JobStatus } from '@darkroom/contracts'
import { and, asc, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { assets, jobs } from '../schema/index.ts'
import type { JobRow } from './jobs.ts'
import { uuidFrom } from './uuid-bounds.ts'

/** Which jobs; without a project those of all. */
export type JobFilter = Pick<
  AdminJobQuery,
  'queue' | 'lane' | 'code' | 'name' | 'assetId' | 'createdAfter' | 'createdBefore'
> & { projectId: string | null }

/** A job with what an admin wants to see beside it. */
export interface AdminJobRow {
  job: JobRow
  filename: string | null
}

/** Clocks of processes, which make the ids, and of the database, which says when a row was made, may differ by this. */
const SLACK = sql`interval '1 hour'`

// What comes from a closed list stands in the statement itself: with a parameter in its place a generic plan could use no
// partial index, and would not know that `failed` is rare where `succeeded` is not.
const literal = (value: string): SQL => sql.raw(`'${value.replaceAll("'", "''")}'`)

/** The conditions of a filter; the status apart, because every index leads with it. */
export function jobConditions(filter: JobFilter): SQL[] {
  const { projectId, queue, lane, code, name, assetId, createdAfter, createdBefore } = filter
  return [
    projectId === null ? undefined : sql`jobs.project_id = ${projectId}::uuid`,
    queue && sql`jobs.queue = ${literal(queue)}`,
    lane && sql`jobs.lane = ${literal(lane)}`,
    name && sql`jobs.name = ${literal(name)}`,
    code === undefined ? undefined : sql`(jobs.error->>'code') = ${code}`,
    assetId && sql`jobs.asset_id = ${assetId}::uuid`,
    createdAfter &&
      sql`(jobs.created_at > ${createdAfter}::timestamptz
      AND jobs.id >= ${uuidFrom(sql`${createdAfter}::timestamptz - ${SLACK}`)})`,
    createdBefore &&
      sql`(jobs.created_at < ${createdBefore}::timestamptz
      AND jobs.id < ${uuidFrom(sql`${createdBefore}::timestamptz + ${SLACK}`)})`,
  ].filter(condition => condition !== undefined && condition !== '')
}

export const jobStatusIs = (status: JobStatus): SQL => sql`jobs.status = ${literal(status)}`

/** One page's ids. Every index leads to a status, so without one there is a short scan for each, merged. */
function pageOfIds(query: AdminJobPageQuery): SQL {
  const { status, sort, after, limit } = query
  const [order, beyond] = sort === '-createdAt' ? [sql`DESC`, sql`<`] : [sql`ASC`, sql`>`]
  const conditions = jobConditions(query)
  if (after !== null) conditions.push(sql`jobs.id ${beyond} ${after}::uuid`)
  const statuses = status ? [status] : query.code === undefined ? JOB_STATUSES : (['failed'] as const)
  const scans = statuses.map(
    each =>
      sql`(SELECT jobs.id FROM jobs WHERE ${sql.join([jobStatusIs(each), ...conditions], sql` AND `)}
        ORDER BY jobs.id ${order} LIMIT ${limit})`,
  )
  return sql`SELECT id FROM (${sql.join(scans, sql` UNION ALL `)}) AS page ORDER BY id ${order} LIMIT ${limit}`
}

export type AdminJobPageQuery = JobFilter & Pick<AdminJobQuery, 'status' | 'sort' | 'limit'> & { after: string | null }

/**
 * A page of jobs by keyset: ids are UUIDv7, so they sort by creation. `after` is the last id seen. A code without a status
 * means jobs that failed for good.
 */
export async function listAdminJobs(tx: Tx, query: AdminJobPageQuery): Promise<AdminJobRow[]> {
  const ids = await tx.execute<{ id: string }>(pageOfIds(query))
  if (ids.length === 0) return []
  return selectAdminJobs(tx)
    .where(
      inArray(
        jobs.id,
        ids.map(row => row.id),
      ),
    )
    .orderBy(query.sort === '-createdAt' ? desc(jobs.id) : asc(jobs.id))
}

/** One job; `projectId` limits it to those of that project. */
export async function findAdminJob(
  tx: Tx,
  { id, projectId }: { id: string; projectId: string | null },
): Promise<AdminJobRow | null> {
  const [row] = await selectAdminJobs(tx).where(
    and(eq(jobs.id, id), projectId === null ? undefined : eq(jobs.projectId, projectId)),
  )
  return row ?? null
}

const selectAdminJobs = (tx: Tx) =>
  tx.select({ job: jobs, filename: assets.filename }).from(jobs).leftJoin(assets, eq(assets.id, jobs.assetId))
