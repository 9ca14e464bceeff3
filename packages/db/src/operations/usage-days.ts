import { sql } from 'drizzle-orm'
import { customPlan, type Tx } from '../client/client.ts'
import { uuidFrom } from '../client/uuids.ts'

export interface UsageDay {
  day: string
  bytes: number | null
  objects: number | null
  uploads: number
  uploadedBytes: number
}

/** Reads what a project had at the end of each of the last days (UTC), and what was added on it. */
export async function readUsageDays(
  tx: Tx,
  { projectId, days }: { projectId: string; days: number },
): Promise<UsageDay[]> {
  return [
    ...(await tx.execute<UsageDay & Record<string, unknown>>(sql`${customPlan}
      WITH days AS (
        SELECT day::date AS day FROM generate_series(
          (now() AT TIME ZONE 'UTC')::date - ${days - 1}::int, (now() AT TIME ZONE 'UTC')::date, interval '1 day') AS day
      ), added AS (
        SELECT (created_at AT TIME ZONE 'UTC')::date AS day, count(*)::int AS uploads, sum(byte_size)::float8 AS bytes
        FROM assets
        WHERE project_id = ${projectId}::uuid AND purged_at IS NULL AND taken_down_at IS NULL
          AND id >= ${uuidFrom(sql`now() - make_interval(days => ${days + 1}::int)`)}
        GROUP BY 1
      )
      SELECT to_char(days.day, 'YYYY-MM-DD') AS day, had.bytes::float8 AS bytes, had.objects::float8 AS objects,
        coalesce(added.uploads, 0) AS uploads, coalesce(added.bytes, 0)::float8 AS "uploadedBytes"
      FROM days LEFT JOIN added USING (day) LEFT JOIN LATERAL (
        SELECT bytes, objects FROM usage_days
        WHERE usage_days.project_id = ${projectId}::uuid AND usage_days.day <= days.day ORDER BY usage_days.day DESC LIMIT 1
      ) AS had ON true
      ORDER BY days.day`)),
  ]
}
