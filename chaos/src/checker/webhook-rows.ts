import type { RowQuery } from './row-query.ts'

/** What no row about webhooks may ever say. */
export const WEBHOOK_QUERIES: readonly RowQuery[] = [
  {
    kind: 'duplicate',
    find: sql => sql`
      SELECT 'delivery ' || id AS subject,
        'is ' || status || ', settled ' || coalesce(settled_at::text, 'never') || ', lease ' || coalesce(lease_token::text, 'none') AS detail
      FROM webhook_deliveries
      WHERE (status = 'pending') = (settled_at IS NOT NULL) OR status <> 'pending' AND lease_token IS NOT NULL`,
  },
  {
    kind: 'lost',
    find: sql => sql`
      SELECT 'delivery ' || d.id AS subject, 'is delivered by no attempt' AS detail
      FROM webhook_deliveries d
      WHERE d.status = 'delivered' AND NOT EXISTS (
        SELECT FROM webhook_attempts a WHERE a.delivery_id = d.id AND a.status BETWEEN 200 AND 299)`,
  },
  {
    kind: 'duplicate',
    find: sql => sql`
      SELECT 'delivery ' || d.id AS subject, 'counts ' || d.attempts || ' attempts and has ' || count(a.id) AS detail
      FROM webhook_deliveries d LEFT JOIN webhook_attempts a ON a.delivery_id = d.id
      GROUP BY d.id HAVING count(a.id) <> d.attempts`,
  },
  {
    kind: 'lost',
    find: sql => sql`
      SELECT 'event ' || e.id AS subject, e.type || ' is behind the cursor of endpoint ' || w.id || ' and has no delivery' AS detail
      FROM webhook_endpoints w
      JOIN events e ON e.project_id = w.project_id AND e.created_at > w.created_at
        AND (e.xid, e.id) <= (w.cursor_xid, w.cursor_id) AND (w.event_types IS NULL OR e.type = ANY(w.event_types))
      WHERE NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.endpoint_id = w.id AND d.event_id = e.id)`,
  },
]
