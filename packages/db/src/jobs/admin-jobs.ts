import type { AdminJobQuery } from '@darkroom/contracts'
import { and, asc, desc, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { assets, type JobRow, jobs } from '../schema/index.ts'
import { type JobFilter, jobIds } from './job-ids.ts'

/** A job with what an admin wants to see beside it. */
export interface AdminJobRow {
  job: JobRow
  filename: string | null
}

type AdminJobPageQuery = JobFilter & Pick<AdminJobQuery, 'sort' | 'limit'> & { after: string | null }

/** Lists a page of jobs by keyset: ids are UUIDv7, so they sort by creation. `after` is the last id seen. */
export async function listAdminJobs(tx: Tx, query: AdminJobPageQuery): Promise<AdminJobRow[]> {
  const ids = await tx.execute<{ id: string }>(jobIds(query, query))
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

/** Finds one job; `projectId` limits it to the jobs of that project. */
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
