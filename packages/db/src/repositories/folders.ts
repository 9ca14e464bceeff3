import { sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'

export interface FolderCount {
  /** Of the folder itself, without its path. */
  name: string
  /** Assets in it and below. */
  count: number
}

/** The folders right below one, by name. What is being deleted does not count. */
export async function listFolders(
  tx: Tx,
  projectId: string,
  { prefix, after, limit }: { prefix: string; after: string | null; limit: number },
): Promise<FolderCount[]> {
  const start = prefix === '' ? '' : `${prefix}/`
  // By bytes, as the index has it: what begins with `a/` lies between `a/` and `a0`.
  const isBelow = prefix === '' ? sql`folder ~>~ ''` : sql`folder ~>=~ ${start} AND folder ~<~ ${`${prefix}0`}`
  const rows = await tx.execute<{ name: string; count: number }>(sql`
    SELECT name, count(*)::int AS count
    FROM (
      SELECT split_part(substr(folder, length(${start}::text) + 1), '/', 1) COLLATE "C" AS name
      FROM assets WHERE project_id = ${projectId} AND deleted_at IS NULL AND ${isBelow}
    ) AS below
    ${after === null ? sql`` : sql`WHERE name > ${after}`}
    GROUP BY name ORDER BY name LIMIT ${limit}`)
  return [...rows]
}
