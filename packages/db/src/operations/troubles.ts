import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'

/** What is amiss in rows that no queue and no alarm speaks of. */
export interface Troubles {
  webhooks: { id: string; projectId: string; host: string; sinceMs: number; isDisabled: boolean; code: string | null }[]
  backfills: { id: string; projectId: string; preset: string; sinceMs: number; reason: string }[]
  quotas: { projectId: string; name: string; bytes: number; quotaBytes: number }[]
  /** Assets that were confirmed and are not ready, of open projects, and the projects of the oldest of them. */
  waiting: { assets: number; projects: number; projectIds: string[] }
}

/** Above this share of its quota a project is worth a warning. */
const NEARLY_FULL = 0.95
const MOST = 50
const MOST_WAITING = 5000

/** Reads them all, each at most 50. */
export async function readTroubles(tx: Tx): Promise<Troubles> {
  const [row] = await tx.execute<{ troubles: Troubles }>(sql`
    SELECT jsonb_build_object(
      'webhooks', (SELECT coalesce(jsonb_agg(bad), '[]') FROM (
        SELECT id, project_id AS "projectId", substring(url FROM '^[a-z]+://([^/?#@]+)') AS host,
          (extract(epoch FROM coalesce(failing_since, disabled_at)) * 1000)::float8 AS "sinceMs",
          disabled_at IS NOT NULL AS "isDisabled", last_error->>'code' AS code
        FROM webhook_endpoints
        WHERE (disabled_at IS NULL AND failing_since < now() - interval '5 minutes')
          OR (disabled_at > now() - interval '7 days' AND disabled_reason IN ('gone', 'failing'))
        ORDER BY failing_since LIMIT ${MOST}
      ) AS bad),
      'backfills', (SELECT coalesce(jsonb_agg(held), '[]') FROM (
        SELECT backfills.id, backfills.project_id AS "projectId", presets.name || '@' || presets.version AS preset,
          (extract(epoch FROM backfills.created_at) * 1000)::float8 AS "sinceMs", coalesce(backfills.reason, '') AS reason
        FROM backfills JOIN presets ON presets.id = backfills.preset_id
        WHERE backfills.status = 'paused' AND backfills.paused_by = 'canary' LIMIT ${MOST}
      ) AS held),
      'quotas', (SELECT coalesce(jsonb_agg(near), '[]') FROM (
        SELECT projects.id AS "projectId", projects.name, usage_totals.bytes::float8 AS bytes,
          projects.quota_bytes::float8 AS "quotaBytes"
        FROM projects JOIN usage_totals ON usage_totals.project_id = projects.id
        WHERE projects.quota_bytes IS NOT NULL AND projects.deleted_at IS NULL
          AND usage_totals.bytes > projects.quota_bytes * ${NEARLY_FULL}::float8 LIMIT ${MOST}
      ) AS near),
      'waiting', (SELECT jsonb_build_object('assets', count(*), 'projects', count(DISTINCT project_id),
          'projectIds', coalesce(to_jsonb((array_agg(DISTINCT project_id))[1:5]), '[]'))
        FROM (SELECT project_id FROM assets WHERE status = 'processing' ORDER BY confirmed_at LIMIT ${MOST_WAITING}) AS open)
    ) AS troubles`)
  if (!row) throw new Error('SELECT returned no row')
  return row.troubles
}
