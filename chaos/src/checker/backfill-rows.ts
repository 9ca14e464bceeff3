import type { RowQuery } from './row-query.ts'

/** What no row about backfills may ever say. */
export const BACKFILL_QUERIES: readonly RowQuery[] = [
  {
    kind: 'duplicate',
    find: sql => sql`
      SELECT 'asset ' || j.asset_id AS subject, count(*) || ' jobs in backfill ' || b.id AS detail
      FROM backfills b
      JOIN jobs j ON j.project_id = b.project_id AND j.preset_id = b.preset_id
        AND j.created_at BETWEEN b.created_at AND coalesce(b.finished_at, now())
      GROUP BY b.id, j.asset_id HAVING count(*) > 1`,
  },
  {
    kind: 'lost',
    find: sql => sql`
      SELECT 'job ' || j.id AS subject, 'moves an asset to a preset and belongs to no backfill' AS detail
      FROM jobs j WHERE j.preset_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM backfill_items i WHERE i.job_id = j.id)`,
  },
  {
    kind: 'lost',
    find: sql => sql`
      SELECT 'backfill ' || b.id AS subject,
        'of ' || b.total || ': started ' || b.started || ', items ' || i.count || ', open ' || i.open || ', skipped ' || b.skipped AS detail
      FROM backfills b
      CROSS JOIN LATERAL (
        SELECT count(*) AS count, count(*) FILTER (WHERE outcome IS NULL) AS open FROM backfill_items WHERE backfill_id = b.id
      ) i
      CROSS JOIN LATERAL (SELECT coalesce(sum(value::int), 0) AS skipped FROM jsonb_each_text(b.skipped)) s
      WHERE b.started <> i.count OR b.status = 'completed' AND (i.open > 0
        OR b.started <> b.succeeded + b.partial + b.failed + b.cancelled OR b.total <> b.started + s.skipped)`,
  },
  {
    kind: 'incomplete',
    find: sql => sql`
      SELECT 'asset ' || a.id AS subject, 'was moved by backfill ' || i.backfill_id || ' and has another preset' AS detail
      FROM backfill_items i
      JOIN backfills b ON b.id = i.backfill_id JOIN assets a ON a.id = i.asset_id
      WHERE i.outcome = 'succeeded' AND a.preset_id <> b.preset_id AND a.deleted_at IS NULL
        AND NOT EXISTS (SELECT FROM backfill_items later WHERE later.asset_id = a.id AND later.backfill_id > b.id)`,
  },
]
