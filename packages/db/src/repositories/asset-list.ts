import type { AssetFilter, AssetSort } from '@darkroom/contracts'
import { and, arrayContains, asc, desc, eq, gt, ilike, isNull, lt, ne, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { assets } from '../schema/index.ts'
import type { AssetRow } from './asset-transitions.ts'

/** The last asset that was seen, by what the list is sorted by. */
export interface AfterAsset {
  /** Null where the id alone says it. */
  value: string | number | null
  id: string
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, character => `\\${character}`)

/** The index knows every three characters in a row; a shorter text is looked for in the order of the list. */
const MIN_INDEXED_LENGTH = 3

function nameHas(part: string): SQL | undefined {
  const isPart = ilike(assets.filename, `%${escapeLike(part)}%`)
  if (part.length < MIN_INDEXED_LENGTH) return isPart
  return and(sql`name_grams(${assets.filename}) @> name_grams(${part})`, isPart)
}

const isAlive = isNull(assets.deletedAt)

/** The assets of a project that a filter means; none that was taken down. */
export const fits = (projectId: string, filter: AssetFilter): SQL | undefined =>
  and(
    eq(assets.projectId, projectId),
    filter.status ? eq(assets.status, filter.status) : ne(assets.status, 'deleted'),
    // Purged ones answer 410 when read alone, so a list does not show them either.
    isNull(assets.purgedAt),
    isNull(assets.takenDownAt),
    filter.kind && eq(assets.kind, filter.kind),
    filter.tag !== undefined ? arrayContains(assets.tags, [filter.tag]) : undefined,
    filter.externalId !== undefined ? eq(assets.externalId, filter.externalId) : undefined,
    // Their indexes know what is not deleted only.
    filter.folder !== undefined ? and(eq(assets.folder, filter.folder), isAlive) : undefined,
    filter.sha256 ? and(eq(assets.sha256, filter.sha256), isAlive) : undefined,
    filter.q !== undefined ? nameHas(filter.q) : undefined,
    filter.createdAfter ? gt(assets.createdAt, new Date(filter.createdAfter)) : undefined,
    filter.createdBefore ? lt(assets.createdAt, new Date(filter.createdBefore)) : undefined,
  )

/** What a list can be sorted by besides its ids, which are UUIDv7 and so sort by creation. */
const SORT_COLUMNS = {
  createdAt: null,
  filename: { column: assets.filename, type: sql`text` },
  byteSize: { column: assets.byteSize, type: sql`bigint` },
} as const

type SortKey = keyof typeof SORT_COLUMNS
const keyOf = (sort: AssetSort): SortKey => sort.replace(/^-/, '') as SortKey

/** A page of a project's assets by keyset. */
export function listAssets(
  tx: Tx,
  projectId: string,
  { sort, after, limit, ...filter }: AssetFilter & { sort: AssetSort; after: AfterAsset | null; limit: number },
): Promise<AssetRow[]> {
  const sorted = SORT_COLUMNS[keyOf(sort)]
  const [order, beyond] = sort.startsWith('-') ? [desc, sql`<`] : [asc, sql`>`]
  return tx
    .select()
    .from(assets)
    .where(and(fits(projectId, filter), after ? isBeyond(sorted, beyond, after) : undefined))
    .orderBy(...(sorted ? [order(sorted.column)] : []), order(assets.id))
    .limit(limit)
}

function isBeyond(sorted: (typeof SORT_COLUMNS)[SortKey], beyond: SQL, { value, id }: AfterAsset): SQL {
  if (!sorted) return sql`${assets.id} ${beyond} ${id}::uuid`
  return sql`(${sorted.column}, ${assets.id}) ${beyond} (${value}::${sorted.type}, ${id}::uuid)`
}
