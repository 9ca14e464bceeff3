import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'

export interface FolderCount {
  /** Of the folder itself, without its path. */
  name: string
  /** Assets in it and below. */
  count: number
}

/**
 * Computes what changes of folders mean to each folder and its parents, as columns `project_id`, `parent`, `name` and
 * `assets`.
 */
const toEachLevel = (deltas: SQL): SQL => sql`
  SELECT project_id, array_to_string(names[:level - 1], '/') COLLATE "C" AS parent, names[level] COLLATE "C" AS name, assets
  FROM (${deltas}) AS deltas, string_to_array(folder, '/') AS names, generate_subscripts(names, 1) AS level`

/**
 * Lists the folders directly below one, by name, without assets that are being deleted. Exact, whether or not the
 * deltas were folded.
 */
export async function listFolders(
  tx: Tx,
  projectId: string,
  { prefix, after, limit }: { prefix: string; after: string | null; limit: number },
): Promise<FolderCount[]> {
  const deltas = toEachLevel(sql`SELECT * FROM folder_deltas WHERE project_id = ${projectId}`)
  const isHere = sql`parent = ${prefix} ${after === null ? sql`` : sql`AND name > ${after}`}`
  const totals = sql`SELECT name, assets FROM folder_totals WHERE project_id = ${projectId}`
  // Of the totals as many as fit, and one for each that changes may take away.
  const rows = await tx.execute<{ name: string; count: number }>(sql`
    WITH changed AS (
      SELECT name, sum(assets) AS assets FROM (${deltas}) AS changed WHERE ${isHere} GROUP BY name
    ), known AS (
      ${totals} AND ${isHere} AND assets > 0 ORDER BY name LIMIT ${limit} + (SELECT count(*) FROM changed)
    )
    SELECT name, assets::int AS count
    FROM (
      SELECT name, assets FROM known WHERE name NOT IN (SELECT name FROM changed)
      UNION ALL
      SELECT changed.name, changed.assets + coalesce(before.assets, 0)
      FROM changed LEFT JOIN LATERAL (${totals} AND parent = ${prefix} AND name = changed.name) AS before ON true
    ) AS counted
    WHERE assets > 0 ORDER BY name LIMIT ${limit}`)
  return [...rows]
}

/**
 * Adds changes to the totals, the oldest first. Any number of processes may do it at once. Call it in a transaction.
 * @returns how many changes there were
 */
export async function foldFolders(tx: Tx, limit: number): Promise<number> {
  const rows = await tx.execute<{ folded: number }>(sql`
    WITH taken AS (
      DELETE FROM folder_deltas WHERE id IN (
        SELECT id FROM folder_deltas ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ) RETURNING project_id, folder, assets
    ), folded AS (
      INSERT INTO folder_totals (project_id, parent, name, assets)
      SELECT project_id, parent, name, sum(assets) FROM (${toEachLevel(sql`SELECT * FROM taken`)}) AS changed
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (project_id, parent, name) DO UPDATE SET assets = folder_totals.assets + excluded.assets
    )
    SELECT count(*)::int AS folded FROM taken`)
  // One below zero waits for changes that are not folded yet.
  if (rows[0]?.folded) {
    await tx.execute(sql`
      DELETE FROM folder_totals WHERE (project_id, parent, name) IN (
        SELECT project_id, parent, name FROM folder_totals WHERE assets = 0 FOR UPDATE SKIP LOCKED
      )`)
  }
  return rows[0]?.folded ?? 0
}
