import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { readFeedWatermark } from '../events/event-feed.ts'

/** A place in the log of a project: everything up to it is in the manifests. */
export interface LineageCursor {
  xid: string
  id: number
}

export interface ProjectBehind {
  projectId: string
  cursor: LineageCursor
}

const START: LineageCursor = { xid: '0', id: 0 }

/** Finds projects whose log goes on after their cursor. */
export async function findLineageBehind(tx: Tx): Promise<ProjectBehind[]> {
  const head = await readFeedWatermark(tx)
  const rows = await tx.execute<{ project_id: string; xid: string | null; id: string | null }>(sql`
    SELECT projects.id AS project_id, lineage.xid::text AS xid, lineage.id FROM projects
    LEFT JOIN lineage_cursors lineage ON lineage.project_id = projects.id
    WHERE projects.deletes_at IS NULL AND projects.deleted_at IS NULL AND EXISTS (
      SELECT 1 FROM events WHERE project_id = projects.id AND xid < ${head}::xid8
        AND (events.xid, events.id) > (coalesce(lineage.xid, ${START.xid}::xid8), coalesce(lineage.id, ${START.id}::bigint))
    )`)
  return rows.map(row => ({
    projectId: row.project_id,
    cursor: row.xid === null ? START : { xid: row.xid, id: Number(row.id) },
  }))
}

/** Events that are read at once. */
const PAGE = 1000

/**
 * Reads which assets changed after a place in the log, and where to go on. Events younger than `delaySec` wait: an asset that is being
 * processed has ten of them within seconds, and gets one manifest.
 */
export async function readChangedAssets(
  tx: Tx,
  { projectId, cursor }: ProjectBehind,
  delaySec: number,
): Promise<{ assetIds: string[]; next: LineageCursor | null; hasMore: boolean }> {
  const head = await readFeedWatermark(tx)
  const rows = await tx.execute<{ xid: string; id: string; asset_id: string | null; is_due: boolean }>(sql`
    SELECT xid::text AS xid, id, asset_id, created_at <= now() - make_interval(secs => ${delaySec}) AS is_due FROM events
    WHERE project_id = ${projectId} AND xid < ${head}::xid8
      AND (events.xid, events.id) > (${cursor.xid}::xid8, ${cursor.id}::bigint)
    ORDER BY events.xid, events.id LIMIT ${PAGE}`)
  const young = rows.findIndex(row => !row.is_due)
  const due = young === -1 ? [...rows] : rows.slice(0, young)
  const last = due.at(-1)
  return {
    assetIds: [...new Set(due.flatMap(row => row.asset_id ?? []))],
    next: last ? { xid: last.xid, id: Number(last.id) } : null,
    hasMore: due.length === PAGE,
  }
}

/** Records that the manifests have everything up to a place in the log. */
export async function moveLineageCursor(tx: Tx, projectId: string, { xid, id }: LineageCursor): Promise<void> {
  await tx.execute(sql`
    INSERT INTO lineage_cursors (project_id, xid, id) VALUES (${projectId}, ${xid}::xid8, ${id}::bigint)
    ON CONFLICT (project_id) DO UPDATE SET xid = excluded.xid, id = excluded.id`)
}
