import { MOST_COUNTED_OF_TAG } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'

/** Tags that one request looks at. */
const MOST_TAGS = 2000

export interface TagCount {
  name: string
  /** Assets that have it, up to `MOST_COUNTED_OF_TAG`. */
  count: number
}

/**
 * Lists the tags of a project that contain a text, in their order. It jumps along the index from tag to tag, so what it costs
 * depends on how many tags there are, and not on how many assets have them; and it looks at a limited number.
 * @returns with `next`, after which to go on; null at the end
 */
export async function listTags(
  tx: Tx,
  projectId: string,
  { q, after, limit }: { q: string; after: string | null; limit: number },
): Promise<{ items: TagCount[]; next: string | null }> {
  const isOfProject = sql`project_id = ${projectId}::uuid`
  const isBeyond = after === null ? sql`true` : sql`tag > ${after}`
  const rows = await tx.execute<{ name: string; place: number; fits: boolean; count: string }>(sql`
    WITH RECURSIVE each (tag, place) AS (
      SELECT (SELECT tag FROM asset_tags WHERE ${isOfProject} AND ${isBeyond} ORDER BY tag LIMIT 1), 1
      UNION ALL
      SELECT (SELECT tag FROM asset_tags WHERE ${isOfProject} AND tag > each.tag ORDER BY tag LIMIT 1), place + 1
      FROM each WHERE tag IS NOT NULL AND place < ${MOST_TAGS}
    ), listed AS (
      SELECT * FROM (SELECT tag, place, position(lower(${q}::text) IN lower(tag)) > 0 AS fits FROM each WHERE tag IS NOT NULL) AS looked
      WHERE fits OR place = ${MOST_TAGS} LIMIT ${limit + 1}
    )
    SELECT tag AS name, place, fits, (
      SELECT count(*) FROM (
        SELECT FROM asset_tags WHERE ${isOfProject} AND tag = listed.tag LIMIT ${MOST_COUNTED_OF_TAG}
      ) AS counted
    ) AS count
    FROM listed ORDER BY place`)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const isCut = rows.length > limit || last?.place === MOST_TAGS
  return {
    items: page.filter(row => row.fits).map(({ name, count }) => ({ name, count: Number(count) })),
    next: isCut && last ? last.name : null,
  }
}
