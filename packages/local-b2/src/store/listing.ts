import type { Bucket } from './buckets.ts'
import { type Database, query } from './database.ts'
import { afterPrefix, commonPrefix } from './key-order.ts'
import { type SummaryRow, summaryColumns, toSummary, type VersionSummary } from './versions.ts'

export interface PageRequest {
  prefix: string
  delimiter: string
  limit: number
}

/** Where a page starts: after a key, or from a key on (`inclusive`); with `seq`, after that version of the key. */
export interface Position {
  key: string
  inclusive: boolean
  seq?: number
}

export interface Page<Item> {
  items: Item[]
  prefixes: string[]
  /** Where the next page starts; undefined on the last. */
  next: Position | undefined
  /** The last key or common prefix on this page. */
  last: string | undefined
}

/** Rows of a range in order: `key >= from.key` (or `>`), below `end`, at most `count`. */
type FetchRange<Item> = (from: Position, end: string | undefined, count: number) => Item[]

/**
 * Reads one page of keys grouped by a delimiter. A common prefix is counted once and jumped over with an index seek, so a page
 * costs the items on it and not the keys below its folders.
 */
export function readPage<Item extends { key: string; seq: number }>(
  request: PageRequest,
  start: Position | undefined,
  fetchRange: FetchRange<Item>,
): Page<Item> {
  const { prefix, delimiter, limit } = request
  const end = prefix === '' ? undefined : afterPrefix(prefix)
  const page: Page<Item> = { items: [], prefixes: [], next: undefined, last: undefined }
  const isInside = start && Buffer.compare(Buffer.from(start.key), Buffer.from(prefix)) >= 0
  let from: Position | undefined = isInside ? start : { key: prefix, inclusive: true }
  let room = limit
  if (limit === 0) return page

  while (from) {
    const rows = fetchRange(from, end, room + 1)
    const fetchedAll = rows.length <= room
    let jump: Position | undefined
    for (const row of rows) {
      if (room === 0) return { ...page, next: from }
      const group = commonPrefix(row.key, prefix, delimiter)
      room -= 1
      page.last = group ?? row.key
      if (group === undefined) {
        page.items.push(row)
        from = { key: row.key, inclusive: false, seq: row.seq }
        continue
      }
      page.prefixes.push(group)
      const beyond = afterPrefix(group)
      if (beyond === undefined) return page
      jump = { key: beyond, inclusive: true }
      from = jump
      break
    }
    if (!jump && fetchedAll) return page
  }
  return page
}

/** SQLite sorts every blob after every text, which makes this an upper bound an index can use. */
const beyondText = new Uint8Array(0)

export function createListing({ sql }: Database) {
  const visible = (comparison: string) =>
    query<SummaryRow>(
      sql,
      `SELECT ${summaryColumns} FROM versions WHERE bucket_id = ?1 AND latest = 1 AND marker = 0 AND key ${comparison} ?2
       AND key < ?3 ORDER BY key LIMIT ?4`,
    )
  const all = (comparison: string) =>
    query<SummaryRow>(
      sql,
      `SELECT ${summaryColumns} FROM versions WHERE bucket_id = ?1 AND key ${comparison} ?2
       AND key < ?3 ORDER BY key, seq DESC LIMIT ?4`,
    )
  const visibleFrom = visible('>=')
  const visibleAfter = visible('>')
  const allFrom = all('>=')
  const allAfter = all('>')
  const olderOfKey = query<SummaryRow>(
    sql,
    `SELECT ${summaryColumns} FROM versions WHERE bucket_id = ? AND key = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
  )

  return {
    /** Every version below a prefix, newest first within a key. */
    everyVersion(bucket: Bucket, prefix: string): VersionSummary[] {
      const end = prefix === '' ? undefined : afterPrefix(prefix)
      return allFrom.all(bucket.id, prefix, end ?? beyondText, -1).map(toSummary)
    },
    visible(bucket: Bucket, request: PageRequest, start: Position | undefined): Page<VersionSummary> {
      return readPage(request, start, (from, end, count) => {
        const range = from.inclusive ? visibleFrom : visibleAfter
        return range.all(bucket.id, from.key, end ?? beyondText, count).map(toSummary)
      })
    },
    versions(bucket: Bucket, request: PageRequest, start: Position | undefined): Page<VersionSummary> {
      return readPage(request, start, (from, end, count) => {
        const rows = from.seq === undefined ? [] : olderOfKey.all(bucket.id, from.key, from.seq, count)
        const range = from.inclusive ? allFrom : allAfter
        if (rows.length < count) rows.push(...range.all(bucket.id, from.key, end ?? beyondText, count - rows.length))
        return rows.map(toSummary)
      })
    },
  }
}
