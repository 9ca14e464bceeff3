import type { Deployment } from '../deployment/deployment.ts'
import { BACKFILL_QUERIES } from './backfill-rows.ts'
import type { RowQuery } from './row-query.ts'
import type { Violation } from './violation.ts'
import { WEBHOOK_QUERIES } from './webhook-rows.ts'

/** What no row of the database may ever say. */
const QUERIES: readonly RowQuery[] = [
  {
    kind: 'duplicate',
    find: sql => sql`
      SELECT 'job ' || job_id AS subject, count(*) || ' attempts published a result' AS detail
      FROM job_attempts WHERE outcome = 'done' GROUP BY job_id HAVING count(*) > 1`,
  },
  {
    kind: 'duplicate',
    find: sql => sql`
      SELECT 'asset ' || asset_id AS subject, count(*) || ' jobs succeeded in generation ' || generation AS detail
      FROM jobs WHERE status = 'succeeded' GROUP BY asset_id, generation HAVING count(*) > 1`,
  },
  {
    kind: 'duplicate',
    find: sql => sql`
      SELECT 'events of ' || e.asset_id AS subject, count(*) || ' times asset.ready' AS detail
      FROM events e WHERE e.type = 'asset.ready' GROUP BY e.asset_id
      HAVING count(*) > (SELECT count(*) FROM jobs j
        WHERE j.asset_id = e.asset_id AND j.name = 'asset.process' AND j.status = 'succeeded')`,
  },
  {
    kind: 'duplicate',
    find: sql => sql`
      SELECT 'object ' || o.id AS subject, 'is live and in use nowhere: ' || o.key AS detail
      FROM objects o JOIN assets a ON a.id = o.asset_id
      WHERE o.state = 'live' AND a.status IN ('ready', 'partial')
        AND o.id IS DISTINCT FROM a.original_object_id
        AND NOT EXISTS (SELECT 1 FROM variants v WHERE v.object_id = o.id)`,
  },
  {
    kind: 'incomplete',
    find: sql => sql`
      SELECT 'variant ' || v.name || ' of ' || v.asset_id AS subject, 'is ' || v.status || ' in a ready asset' AS detail
      FROM variants v JOIN assets a ON a.id = v.asset_id
      WHERE a.status = 'ready' AND v.status NOT IN ('ready', 'skipped')`,
  },
  {
    kind: 'stuck',
    find: sql => sql`
      SELECT 'variant ' || v.name || ' of ' || v.asset_id AS subject, 'is promised another attempt, and there is no job' AS detail
      FROM variants v WHERE v.error->>'retryable' = 'true' AND NOT EXISTS
        (SELECT 1 FROM jobs j WHERE j.asset_id = v.asset_id AND j.status IN ('queued', 'running'))`,
  },
  {
    kind: 'resurrected',
    find: sql => sql`
      SELECT 'asset ' || a.id AS subject, 'is deleted and has ' || count(*) || ' living rows' AS detail
      FROM assets a LEFT JOIN variants v ON v.asset_id = a.id LEFT JOIN objects o ON o.asset_id = a.id AND o.state <> 'doomed'
      WHERE a.deleted_at IS NOT NULL AND (v.id IS NOT NULL OR o.id IS NOT NULL OR a.status NOT IN ('deleting', 'deleted'))
      GROUP BY a.id`,
  },
  {
    kind: 'cross-tenant',
    find: sql => sql`
      SELECT 'object ' || o.id AS subject, 'has the key ' || o.key AS detail FROM objects o JOIN assets a ON a.id = o.asset_id
      WHERE o.project_id <> a.project_id OR o.key NOT LIKE '%/' || a.project_id || '/' || a.id || '/%'
      UNION ALL
      SELECT 'job ' || j.id, 'of another project than its asset' FROM jobs j JOIN assets a ON a.id = j.asset_id
      WHERE j.project_id <> a.project_id`,
  },
  {
    kind: 'unclear-error',
    find: sql => sql`
      SELECT 'job ' || id AS subject, 'failed with ' || coalesce(error->>'code', 'no code') AS detail
      FROM jobs WHERE status = 'failed' AND coalesce(error->>'code', 'INTERNAL') = 'INTERNAL'
      UNION ALL
      SELECT 'attempt ' || id, 'failed with INTERNAL: ' || (error->>'message')
      FROM job_attempts WHERE error->>'code' = 'INTERNAL'`,
  },
  ...WEBHOOK_QUERIES,
  ...BACKFILL_QUERIES,
]

/** Checks I2, I5, I6, I7 and I9 in the rows. Call it when everything has settled. */
export async function checkRows({ sql }: Deployment): Promise<Violation[]> {
  const found = await Promise.all(
    QUERIES.map(async ({ kind, find }) => (await find(sql)).map(({ subject, detail }) => ({ kind, subject, detail }))),
  )
  return found.flat()
}
