import type { Deployment } from '../deployment/deployment.ts'
import { untilNone } from '../eventually.ts'

/**
 * Makes due now what waits for another try in minutes or days, and waits until every webhook was delivered.
 * @returns what still is not when time is up, in words
 */
export async function untilDelivered({ sql }: Deployment, withinMs: number): Promise<string[]> {
  const undelivered = async () => {
    await sql`UPDATE webhook_deliveries SET next_attempt_at = now()
      WHERE status = 'pending' AND lease_token IS NULL AND next_attempt_at > now()`
    const rows = await sql<{ what: string }[]>`
      SELECT 'delivery ' || d.id || ' is ' || d.status || ' (' || d.attempts || ' attempts, due ' || d.next_attempt_at ||
        ', lease ' || coalesce(d.lease_token::text, 'none') || ')' AS what
      FROM webhook_deliveries d JOIN webhook_endpoints w ON w.id = d.endpoint_id
      WHERE d.status = 'pending' AND w.disabled_at IS NULL
      UNION ALL
      SELECT 'endpoint ' || w.id || ' is behind the log' FROM webhook_endpoints w
      WHERE w.disabled_at IS NULL AND EXISTS (
        SELECT FROM events e WHERE e.project_id = w.project_id AND (e.xid, e.id) > (w.cursor_xid, w.cursor_id))`
    return rows.map(({ what }) => what)
  }
  return untilNone('every webhook is delivered', undelivered, { withinMs, everyMs: 250 })
}
