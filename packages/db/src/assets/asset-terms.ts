import type { AssetFilter } from '@darkroom/contracts'
import { type SQL, sql } from 'drizzle-orm'
import { IS_LISTED } from '../schema/index.ts'
import { SEARCHED } from './asset-filter.ts'

/**
 * Builds a query for the listed assets with all terms of a filter that `asset_terms` knows: everything but ids, hashes
 * and times. Null for a filter without such terms.
 */
export function assetsWithTerms(projectId: string, { status, kind, folder, tag, q }: AssetFilter): SQL | null {
  const exact = Object.entries({ status, kind, folder, tag })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`)
  if (exact.length === 0 && q === undefined) return null
  return sql`
    SELECT ${SEARCHED} FROM assets
    WHERE ${IS_LISTED} AND asset_terms(project_id, status, kind, folder, tags, filename) @> ARRAY(
      SELECT hashtextextended(term, uuid_hash_extended(${projectId}::uuid, 0)) FROM (
        SELECT jsonb_array_elements_text(${JSON.stringify(exact)}::jsonb) AS term
        UNION ALL
        SELECT 'name ' || substr(name, place, 3)
        FROM lower(${q ?? null}::text) AS name, generate_series(1, greatest(1, length(name) - 2)) AS place
      ) AS wanted WHERE term IS NOT NULL
    )`
}
