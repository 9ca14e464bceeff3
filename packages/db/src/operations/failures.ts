import { sql } from 'drizzle-orm'
import { customPlan, type Tx } from '../client/client.ts'

export interface FailureCount {
  code: string
  jobs: number
  lastHour: number
  assets: number
  projects: number
  projectIds: string[]
  firstAtMs: number
  lastAtMs: number
}

/**
 * Groups the jobs that failed for good by their code, the most first.
 * @param projectId null for all projects
 * @param after only what failed since; null for all
 */
export async function countFailures(
  tx: Tx,
  { projectId, after }: { projectId: string | null; after: Date | null },
): Promise<FailureCount[]> {
  const reach = projectId === null ? sql`true` : sql`project_id = ${projectId}::uuid`
  const since = after === null ? sql`true` : sql`finished_at > ${after.toISOString()}::timestamptz`
  return [
    ...(await tx.execute<FailureCount & Record<string, unknown>>(sql`${customPlan}
      SELECT error->>'code' AS code, count(*)::int AS jobs,
        (count(*) FILTER (WHERE finished_at > now() - interval '1 hour'))::int AS "lastHour",
        count(DISTINCT asset_id)::int AS assets, count(DISTINCT project_id)::int AS projects,
        to_jsonb((array_agg(DISTINCT project_id))[1:5]) AS "projectIds",
        (extract(epoch FROM min(finished_at)) * 1000)::float8 AS "firstAtMs",
        (extract(epoch FROM max(finished_at)) * 1000)::float8 AS "lastAtMs"
      FROM jobs WHERE status = 'failed' AND error IS NOT NULL AND finished_at IS NOT NULL AND ${reach} AND ${since}
      GROUP BY 1 ORDER BY jobs DESC, code`)),
  ]
}
