import { ASSET_STATUSES, type AssetFilter, type AssetSort, MEDIA_KINDS } from '@darkroom/contracts'
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm'
import { type Bound, isInRange } from '../client/index-range.ts'
import { uuidAround } from '../client/uuids.ts'
import { assets, assetTags, ID_BYTES, IS_LISTED, SORTED_NAME } from '../schema/index.ts'
import { idsOf, isAlive, SEARCHED, sizesOf } from './asset-filter.ts'

/** A place in a sorted list: an asset, by what the list is sorted by. */
export interface AssetPlace {
  /** Null where the id alone says it. */
  value: string | number | null
  id: string
}

/** What a list can be sorted by besides its ids, which are UUIDv7 and so sort by creation. */
const KEYS = {
  createdAt: null,
  filename: { column: sql`${SORTED_NAME}`, type: sql`text` },
  byteSize: { column: sql`${assets.byteSize}`, type: sql`bigint` },
} as const

type SortKey = keyof typeof KEYS
const keyOf = (sort: AssetSort): SortKey => sort.replace(/^-/, '') as SortKey
const directionOf = (sort: AssetSort): SQL => (sort.startsWith('-') ? sql`DESC` : sql`ASC`)
const ID = sql`${assets.id}`

export const isByTime = (sort: AssetSort): boolean => keyOf(sort) === 'createdAt'

/** Returns what an order sorts by before the id, as an expression; NULL where the id is all. */
export const sortValue = (sort: AssetSort): SQL => KEYS[keyOf(sort)]?.column ?? sql`NULL::text`

/** Builds the condition for rows that come after a place in an order. */
export function isBeyond(sort: AssetSort, after: AssetPlace | null): SQL | undefined {
  if (!after) return undefined
  const beyond = sort.startsWith('-') ? sql`<` : sql`>`
  const { columns, values } = boundOf(sort, after)
  return sql`(${sql.join(columns, sql`, `)}) ${beyond} (${sql.join(values, sql`, `)})`
}

function boundOf(sort: AssetSort, { value, id }: AssetPlace): Bound {
  const key = KEYS[keyOf(sort)]
  return {
    columns: [...(key ? [key.column] : []), ID],
    values: [...(key ? [sql`${value}::${key.type}`] : []), sql`${id}::uuid`],
    isOpen: true,
  }
}

/** Assets of a project in an order, as an index has them. */
export interface OrderedAssets {
  /** So many, those before them left out: of which the index reads no more than are taken. */
  slice(take: number, skip?: number): SQL
  /** What the slices are sorted by. */
  order: SQL
}

/** Builds a query for a list in an order from where the filter begins, along the index that covers most of both. */
export function orderedAssets(
  projectId: string,
  filter: AssetFilter,
  sort: AssetSort,
  after: AssetPlace | null,
): OrderedAssets {
  const { status, kind, tag, folder, sha256 } = filter
  const place = { filter, sort, after }
  const project = { column: sql`${assets.projectId}`, value: sql`${projectId}::uuid` }
  if (sha256 !== undefined && isByTime(sort)) {
    const hasContent = and(isNotNull(assets.sha256), isAlive)
    return ofOneRange([{ column: sql`${assets.sha256}`, value: sql`${sha256}` }, project], hasContent, place)
  }
  if (tag !== undefined && isByTime(sort)) return ofTag(projectId, tag, place)
  if (folder !== undefined && keyOf(sort) !== 'byteSize') {
    return ofOneRange([{ column: sql`${assets.folder}`, value: sql`${folder}` }, project], isAlive, place)
  }
  if (isByTime(sort) && !status && !kind) return ofOneRange([project], IS_LISTED, place)
  return merged(projectId, { status, kind }, place)
}

interface Place {
  filter: AssetFilter
  sort: AssetSort
  after: AssetPlace | null
}

/** Builds a query along an index that begins with columns of one value each, and continues with the order. */
function ofOneRange(
  prefix: { column: SQL; value: SQL }[],
  condition: SQL | undefined,
  { filter, sort, after }: Place,
): OrderedAssets {
  const key = KEYS[keyOf(sort)]
  const columns = prefix.map(({ column }) => column)
  const values = prefix.map(({ value }) => value)
  const isDescending = sort.startsWith('-')
  const beyond = after && boundOf(sort, after)
  const { lower, upper } = isByTime(sort) ? timeBounds(filter) : { lower: null, upper: null }
  const range = {
    columns,
    values,
    lower: isDescending ? lower : (beyond ?? lower),
    upper: isDescending ? (beyond ?? upper) : upper,
  }
  const order = sortedBy([...columns, ...(key ? [key.column] : []), ID], sort)
  return {
    slice: (take, skip = 0) => sql`
      SELECT ${SEARCHED}, ${sortValue(sort)} AS sort_value FROM assets WHERE ${isInRange(range)} AND ${condition}
      ORDER BY ${order} LIMIT ${take} OFFSET ${skip}`,
    order: sortedBy([...columns, ...(key ? [sql`assets.sort_value`] : []), ID], sort),
  }
}

function timeBounds({ createdAfter, createdBefore }: AssetFilter): { lower: Bound | null; upper: Bound | null } {
  const bound = (value: SQL): Bound => ({ columns: [ID], values: [value] })
  return {
    lower: createdAfter ? bound(uuidAround(createdAfter, -1)) : null,
    upper: createdBefore ? bound(uuidAround(createdBefore, 1)) : null,
  }
}

const sortedBy = (columns: SQL[], sort: AssetSort): SQL =>
  sql.join(
    columns.map(column => sql`${column} ${directionOf(sort)}`),
    sql`, `,
  )

function ofTag(projectId: string, tag: string, { filter, sort, after }: Place): OrderedAssets {
  const id = sql`${assetTags.assetId}`
  const beyond = sort.startsWith('-') ? sql`<` : sql`>`
  const isTagged = and(
    eq(assetTags.projectId, projectId),
    eq(assetTags.tag, tag),
    after ? sql`${id} ${beyond} ${after.id}::uuid` : undefined,
    idsOf(filter, id),
  )
  return {
    slice: (take, skip = 0) => sql`
      SELECT ${SEARCHED}, NULL::text AS sort_value, ${id} AS sort_id
      FROM (
        SELECT asset_id FROM asset_tags WHERE ${isTagged} ORDER BY ${sortedBy([id], sort)} LIMIT ${take} OFFSET ${skip}
      ) AS asset_tags
      -- Apart, so that what else is asked of an asset leads to no other index.
      CROSS JOIN LATERAL (SELECT ${SEARCHED} FROM assets WHERE assets.id = ${id} OFFSET 0) AS assets
      ORDER BY ${sortedBy([id], sort)}`,
    order: sortedBy([sql`assets.sort_id`], sort),
  }
}

const LISTED_STATUSES = ASSET_STATUSES.filter(status => status !== 'deleted')
const KINDS = [...MEDIA_KINDS, null]

// From closed lists, and in the statement itself: which of them are rare is then known when it is planned.
const statusIs = (status: string): SQL => sql.raw(`status = '${status}'`)
const kindIs = (kind: string | null): SQL => sql.raw(kind === null ? 'kind IS NULL' : `kind = '${kind}'`)

/**
 * Builds a query along an index that continues with the columns that the filter leaves open: several sorted lists,
 * which Postgres merges.
 */
function merged(projectId: string, { status, kind }: AssetFilter, { filter, sort, after }: Place): OrderedAssets {
  const kinds = (kind ? [kind] : KINDS).map(kindIs)
  const statuses = (status ? [status] : LISTED_STATUSES).map(statusIs)
  const conditions = isByTime(sort) ? statuses.flatMap(is => kinds.map(kind => sql`${is} AND ${kind}`)) : kinds
  const id = isByTime(sort) ? sql`${ID_BYTES}` : ID
  const key = KEYS[keyOf(sort)]
  const isHere = and(
    eq(assets.projectId, projectId),
    IS_LISTED,
    isByTime(sort) ? areBytesBeyond(filter, sort, after) : isBeyond(sort, after),
    // A range of the index by size.
    keyOf(sort) === 'byteSize' ? sizesOf(filter) : undefined,
  )
  const columns = sql`${SEARCHED}, ${sortValue(sort)} AS sort_value, ${id} AS sort_id`
  const order = sortedBy([...(key ? [key.column] : []), id], sort)
  const outer = sortedBy([...(key ? [sql`assets.sort_value`] : []), sql`assets.sort_id`], sort)
  return {
    slice(take, skip = 0) {
      const lists = conditions.map(
        condition => sql`(
          SELECT ${columns} FROM assets WHERE ${isHere} AND ${condition} ORDER BY ${order} LIMIT ${take + skip}
        )`,
      )
      return sql`
        SELECT * FROM (${sql.join(lists, sql` UNION ALL `)}) AS assets ORDER BY ${outer} LIMIT ${take} OFFSET ${skip}`
    },
    order: outer,
  }
}

/**
 * Builds the condition on the index that has the bytes of an id in place of the id, so that no other index has that
 * order.
 */
function areBytesBeyond(
  { createdAfter, createdBefore }: AssetFilter,
  sort: AssetSort,
  after: AssetPlace | null,
): SQL | undefined {
  const bytes = sql`${ID_BYTES}`
  return and(
    createdAfter !== undefined ? sql`${bytes} >= uuid_send(${uuidAround(createdAfter, -1)})` : undefined,
    createdBefore !== undefined ? sql`${bytes} <= uuid_send(${uuidAround(createdBefore, 1)})` : undefined,
    after ? sql`${bytes} ${sort.startsWith('-') ? sql`<` : sql`>`} uuid_send(${after.id}::uuid)` : undefined,
  )
}

/** Builds a query for assets without an order, along whichever index fits the condition. */
export const unorderedAssets = (condition: SQL | undefined): SQL =>
  sql`SELECT ${SEARCHED} FROM assets WHERE ${condition}`
