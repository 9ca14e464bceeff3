import type { AssetFilter, AssetSort } from '@darkroom/contracts'
import { and, type SQL, sql } from 'drizzle-orm'

import { customPlan, type Tx } from '../client/client.ts'

import { assets } from '../schema/index.ts'
import { fits } from './asset-filter.ts'
import {
  type AssetPlace,
  isBeyond,
  isByTime,
  type OrderedAssets,
  orderedAssets,
  sortValue,
  unorderedAssets,
} from './asset-order.ts'
import { assetsWithTerms } from './asset-terms.ts'

export interface AssetSearch extends AssetFilter {
  sort: AssetSort
  after: AssetPlace | null
  limit: number
  /** Rows that are looked at in the order of the list, at most. Default: by the limit. */
  look?: number
  /** What else must hold. */
  condition?: SQL | undefined
}

export interface FoundAssets {
  /** At most `limit`. It may be fewer although more follow. */
  found: AssetPlace[]
  /** Where to go on; null when there is no more. */
  next: AssetPlace | null
}

/** This many rows are looked at in the order of the list for each that is wanted, and some at least. */
const LOOK_PER_ITEM = 40
const LOOK_AT_LEAST = 1000
/** Of assets that an index finds in no order, this many are sorted. */
const MOST_SORTED = 3000

/**
 * Searches a page of the assets that match a filter, and reads a limited number of rows, however many there are. First
 * it walks along the order of the list, which is fast where many rows match. Where too few do, it reads the matching
 * rows and sorts them, which is fast where they are few. Where many rows match and they lie far away, the page is what
 * was seen: decision 0068.
 */
export async function searchAssets(tx: Tx, projectId: string, search: AssetSearch): Promise<FoundAssets> {
  const { sort, after, limit, look = lookFor(limit), condition, ...filter } = search
  const isMeant = and(fits(projectId, filter), condition)
  const sortedOf = (candidates: SQL) =>
    sortAll(tx, { candidates, isMeant: and(isMeant, isBeyond(sort, after)), sort, limit })
  const narrow = narrowest(projectId, filter, sort)
  const few = narrow && (await sortedOf(narrow))
  if (few) return pageOf(few, limit)
  const ordered = orderedAssets(projectId, filter, sort, after)
  const { found, end } = await goAlong(tx, { ordered, isMeant, sort, look: Math.max(look, limit + 1), limit })
  if (found.length > limit || !end) return pageOf(found, limit)
  for (const candidates of candidatesOf(projectId, filter, sort)) {
    const sorted = await sortedOf(candidates)
    if (sorted) return pageOf(sorted, limit)
  }
  return { found, next: end }
}

const lookFor = (limit: number): number => Math.max(LOOK_AT_LEAST, LOOK_PER_ITEM * (limit + 1))

/** Makes a page of places. One more than fits must have been read, which tells whether there is a next page. */
function pageOf(places: AssetPlace[], limit: number): FoundAssets {
  const found = places.slice(0, limit)
  return { found, next: places.length > limit ? (found.at(-1) ?? null) : null }
}

interface Read {
  isMeant: SQL | undefined
  sort: AssetSort
  limit: number
}

/**
 * Walks along an order and returns what matches among the first rows; when that does not fill the page, also the last
 * row that was read, if more follow.
 */
async function goAlong(
  tx: Tx,
  { ordered: { slice, order }, isMeant, sort, look, limit }: Read & { ordered: OrderedAssets; look: number },
): Promise<{ found: AssetPlace[]; end: AssetPlace | null }> {
  const place = sql`${assets.id} AS id, assets.sort_value AS value`
  const read = await tx.execute<AssetPlace & { is_end: boolean; [key: string]: unknown }>(sql`${customPlan}
    WITH page AS MATERIALIZED (
      SELECT ${place} FROM (${slice(look)}) AS assets WHERE ${isMeant} ORDER BY ${order} LIMIT ${limit + 1}
    )
    SELECT id, value, false AS is_end FROM page
    UNION ALL (
      SELECT ${place}, true FROM (${slice(1, look - 1)}) AS assets
      WHERE (SELECT count(*) FROM page) <= ${limit}
    )
    ORDER BY is_end, ${byValue(sort)}`)
  const places = read.map(({ id, value }) => ({ id, value: plain(sort, value) }))
  const end = read.at(-1)?.is_end ? (places.pop() ?? null) : null
  return { found: places, end }
}

/** Statements in plain SQL answer a bigint as text. */
const plain = (sort: AssetSort, value: AssetPlace['value']) =>
  sort.endsWith('byteSize') && value !== null ? Number(value) : value

/** Builds a query for filters with one or few matches; with such a filter no other way is tried. */
function narrowest(projectId: string, { externalId, sha256, deletion }: AssetFilter, sort: AssetSort): SQL | null {
  if (externalId !== undefined) return unorderedAssets(fits(projectId, { externalId, deletion: 'any' }))
  if (deletion === 'scheduled') return unorderedAssets(fits(projectId, { deletion }))
  // By time an index has them in their order.
  return sha256 === undefined || isByTime(sort) ? null : unorderedAssets(fits(projectId, { sha256, deletion: 'any' }))
}

/** Lists other queries for the assets of a filter, which have another order or none. */
function candidatesOf(projectId: string, filter: AssetFilter, sort: AssetSort): SQL[] {
  const byTime = orderedAssets(projectId, filter, 'createdAt', null).slice(MOST_SORTED + 1)
  const inTime = isByTime(sort) ? null : sql`SELECT * FROM (${byTime}) AS assets`
  const withTerms = hasOneTerm(filter) ? null : assetsWithTerms(projectId, filter)
  return [inTime, withTerms].filter(candidates => candidates !== null)
}

/** Tells whether the index of all terms knows no more than the one that has them by time. */
function hasOneTerm({ status, kind, tag, folder, q }: AssetFilter): boolean {
  const terms = [status ?? kind, tag, folder, q].filter(term => term !== undefined)
  return q === undefined && terms.length <= 1
}

/** Sorts rows of which only the place is left. */
function byValue(sort: AssetSort): SQL {
  const direction = sort.startsWith('-') ? sql`DESC` : sql`ASC`
  return sql`value ${direction}, id ${direction}`
}

/** Reads all matches and sorts them; null when there are too many to sort. */
async function sortAll(
  tx: Tx,
  { candidates, isMeant, sort, limit }: Read & { candidates: SQL },
): Promise<AssetPlace[] | null> {
  const rows = await tx.execute<{
    candidates: number
    id: string | null
    value: AssetPlace['value']
  }>(sql`${customPlan}
    WITH candidates AS MATERIALIZED (
      SELECT ${assets.id} AS id, ${sortValue(sort)} AS value, (${isMeant}) AS is_meant
      FROM (${candidates} LIMIT ${MOST_SORTED + 1}) AS assets
    )
    SELECT counted.candidates, page.id, page.value
    FROM (SELECT count(*)::int AS candidates FROM candidates) AS counted
    LEFT JOIN LATERAL (
      SELECT id, value FROM candidates WHERE is_meant ORDER BY ${byValue(sort)} LIMIT ${limit + 1}
    ) AS page ON true
    ORDER BY ${byValue(sort)}`)
  if ((rows[0]?.candidates ?? 0) > MOST_SORTED) return null
  return rows.flatMap(({ id, value }) => (id === null ? [] : [{ id, value: plain(sort, value) }]))
}
