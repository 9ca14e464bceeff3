import type { AssetFilter } from '@darkroom/contracts'
import { and, arrayContains, eq, gte, ilike, isNotNull, isNull, lt, lte, ne, type SQL, sql } from 'drizzle-orm'
import { uuidAround } from '../client/uuids.ts'
import { assets } from '../schema/index.ts'

/** Not being deleted, purged or taken down. */
export const isAlive = isNull(assets.deletedAt)

/**
 * What filters, orders and bulk changes look at. Lists of many parts read no more than this: Postgres keeps their plans, which
 * would have all columns in every part.
 */
export const SEARCHED = sql.raw(
  `id project_id status kind tags external_id folder sha256 filename byte_size created_at delete_at deleted_at purged_at taken_down_at`
    .split(' ')
    .map(column => `assets.${column}`)
    .join(', '),
)

/** By what a filter says of deletions that are scheduled. */
const STANDING: Record<NonNullable<AssetFilter['deletion']> | 'none', SQL | undefined> = {
  none: isNull(assets.deleteAt),
  // What is being deleted is not to be restored.
  scheduled: and(isNotNull(assets.deleteAt), isAlive),
  any: undefined,
}

/** Builds the condition for the assets of a project that match a filter, without purged and taken down ones. */
export const fits = (projectId: string, filter: AssetFilter): SQL | undefined =>
  and(
    eq(assets.projectId, projectId),
    filter.status ? eq(assets.status, filter.status) : ne(assets.status, 'deleted'),
    // Purged ones answer 410 when read alone, so a list does not show them either.
    isNull(assets.purgedAt),
    isNull(assets.takenDownAt),
    STANDING[filter.deletion ?? 'none'],
    filter.kind && eq(assets.kind, filter.kind),
    filter.tag !== undefined ? arrayContains(assets.tags, [filter.tag]) : undefined,
    // Of several that had it, the one that has it now; its index, like the next two, knows what is not deleted only.
    filter.externalId !== undefined ? and(eq(assets.externalId, filter.externalId), isAlive) : undefined,
    filter.folder !== undefined ? and(eq(assets.folder, filter.folder), isAlive) : undefined,
    filter.sha256 ? and(eq(assets.sha256, filter.sha256), isAlive) : undefined,
    filter.q !== undefined ? nameHas(filter.q) : undefined,
    filter.createdAfter ? sql`${assets.createdAt} > ${filter.createdAfter}::timestamptz` : undefined,
    filter.createdBefore ? sql`${assets.createdAt} < ${filter.createdBefore}::timestamptz` : undefined,
    idsOf(filter, sql`${assets.id}`),
    sizesOf(filter),
  )

/** Limits sizes to those of a filter. */
export function sizesOf({ minBytes, maxBytes }: AssetFilter): SQL | undefined {
  return and(
    minBytes !== undefined ? gte(assets.byteSize, minBytes) : undefined,
    maxBytes !== undefined ? lte(assets.byteSize, maxBytes) : undefined,
  )
}

/** Limits ids, which are UUIDv7, to the times of a filter, with a margin. */
export function idsOf({ createdAfter, createdBefore }: AssetFilter, id: SQL): SQL | undefined {
  return and(
    createdAfter ? gte(id, uuidAround(createdAfter, -1)) : undefined,
    createdBefore ? lt(id, uuidAround(createdBefore, 1)) : undefined,
  )
}

const escapeLike = (text: string) => text.replace(/[\\%_]/g, character => `\\${character}`)
const escapeRegex = (text: string) => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')

/** One or two characters mean the beginning of a word: there are too many names that have them anywhere. */
const MIN_PART_LENGTH = 3

function nameHas(q: string): SQL {
  // Only letters and digits of ASCII make words, as in `asset_terms`: other scripts have none, or others.
  if ([...q].length < MIN_PART_LENGTH && /^[a-z0-9]/i.test(q)) {
    return sql`lower(${assets.filename}) ~ ('(^|[^a-z0-9])' || ${escapeRegex(q.toLowerCase())})`
  }
  return ilike(assets.filename, `%${escapeLike(q)}%`)
}
