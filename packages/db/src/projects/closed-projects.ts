import { type SQL, sql } from 'drizzle-orm'

/** Projects that are being deleted: few, and read from an index of their own. */
const CLOSED: SQL = sql`SELECT project_id FROM project_deletions WHERE finished_at IS NULL`

/** Of a closed project only what removes is done: the rest waits, should the deletion be undone. */
export const isOfOpenProject: SQL = sql`project_id <> ALL (ARRAY(${CLOSED}))`

/** The spans of ids between closed projects, with both ends outside: an index by project passes over all that these have. */
export const openSpans: SQL = sql`
  SELECT lag(project_id, 1, '00000000-0000-0000-0000-000000000000') OVER (ORDER BY project_id) AS after,
    project_id AS before
  FROM (${CLOSED} UNION ALL SELECT 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) AS closed`
