import { type AdminJobQuery, JOB_NAMES, JOB_STATUSES, LANES, QUEUE_NAMES } from '@darkroom/contracts'
import { type SQL, sql } from 'drizzle-orm'
import { isInRange } from '../client/index-range.ts'
import { uuidAround } from '../client/uuids.ts'

/** Which jobs; without a project those of all. A code without a status means jobs that failed for good. */
export type JobFilter = Partial<
  Pick<AdminJobQuery, 'status' | 'queue' | 'lane' | 'code' | 'name' | 'assetId' | 'createdAfter' | 'createdBefore'>
> & { projectId: string | null }

interface Slice {
  sort: AdminJobQuery['sort']
  /** The last id seen. */
  after: string | null
  /** Null is all of them. */
  limit: number | null
}

/** What every job has one of, out of closed lists, in the order in which the indexes of `jobs` have them. */
const WORK = { status: JOB_STATUSES, queue: QUEUE_NAMES, lane: LANES, name: JOB_NAMES } as const
type WorkKey = keyof typeof WORK
const WORK_KEYS = Object.keys(WORK) as WorkKey[]

/**
 * Builds a query for the ids of the jobs that match a filter, by keyset: ids are UUIDv7, so they sort by creation. Each
 * combination of values from closed lists is one short range of an index, in the order of the ids. So no filter makes a
 * scan read rows that it then drops: decision 0068.
 */
export function jobIds(filter: JobFilter, slice: Slice): SQL {
  const given = { ...filter, status: filter.status ?? (filter.code === undefined ? undefined : 'failed') }
  const direction = slice.sort === '-createdAt' ? sql`DESC` : sql`ASC`
  // An asset has few jobs.
  const keys = given.assetId === undefined ? WORK_KEYS : []
  const columns = [...prefixOf(given).columns, ...keys.map(column), sql`jobs.id`]
  const order = columns.map(column => sql`${column} ${direction}`)
  const scan = sql`SELECT jobs.id FROM jobs WHERE ${sql.join(conditions(given, keys, slice), sql` AND `)}
    ORDER BY ${sql.join(order, sql`, `)} LIMIT ${slice.limit}`
  if (keys.length === 0) return scan
  const values = keys.map(key => valuesOf(key, given[key]))
  return sql`
    SELECT page.id FROM (SELECT * FROM ${sql.join(values, sql`, `)}) AS each
    CROSS JOIN LATERAL (${scan}) AS page ORDER BY page.id ${direction} LIMIT ${slice.limit}`
}

/** Returns the columns with which an index begins, before the kind of work. */
function prefixOf({ projectId, assetId, code }: JobFilter): { columns: SQL[]; values: SQL[] } {
  if (assetId !== undefined) return { columns: [sql`jobs.asset_id`], values: [sql`${assetId}::uuid`] }
  const prefix = [
    { column: sql`jobs.project_id`, value: projectId, type: sql`uuid` },
    { column: sql`(jobs.error->>'code')`, value: code ?? null, type: sql`text` },
  ].filter(({ value }) => value !== null)
  return {
    columns: prefix.map(({ column }) => column),
    values: prefix.map(({ value, type }) => sql`${value}::${type}`),
  }
}

const column = (key: WorkKey): SQL => sql`jobs.${sql.identifier(key)}`
const literal = (value: string): SQL => sql.raw(`'${value.replaceAll("'", "''")}'`)

const valuesOf = (key: WorkKey, value: string | undefined): SQL =>
  sql`unnest(ARRAY[${sql.join((value === undefined ? WORK[key] : [value]).map(literal), sql`, `)}])
    AS ${sql.identifier(`of_${key}`)} (${sql.identifier(key)})`

/** Builds the range of the index with these columns, and the conditions that the range does not cover. */
function conditions(filter: JobFilter, keys: readonly WorkKey[], { sort, after }: Slice): SQL[] {
  const { projectId, code, assetId, createdAfter, createdBefore } = filter
  const prefix = prefixOf(filter)
  const isDescending = sort === '-createdAt'
  const bound = (id: SQL, isOpen = false) => ({ columns: [sql`jobs.id`], values: [id], isOpen })
  const beyond = after === null ? null : bound(sql`${after}::uuid`, true)
  const lower = createdAfter === undefined ? null : bound(uuidAround(createdAfter, -1))
  const upper = createdBefore === undefined ? null : bound(uuidAround(createdBefore, 1))
  return [
    isInRange({
      columns: [...prefix.columns, ...keys.map(column)],
      values: [...prefix.values, ...keys.map(key => sql`each.${sql.identifier(key)}`)],
      lower: isDescending ? lower : (beyond ?? lower),
      upper: isDescending ? (beyond ?? upper) : upper,
    }),
    createdAfter !== undefined && sql`jobs.created_at > ${createdAfter}::timestamptz`,
    createdBefore !== undefined && sql`jobs.created_at < ${createdBefore}::timestamptz`,
    ...WORK_KEYS.map(key => !keys.includes(key) && filter[key] !== undefined && sql`${column(key)} = ${filter[key]}`),
    assetId !== undefined && projectId !== null && sql`jobs.project_id = ${projectId}::uuid`,
    // The index is of these. That the code is this one, the range says: said again, Postgres would read all that has the code.
    code !== undefined && sql`jobs.error IS NOT NULL`,
    code !== undefined && assetId !== undefined && sql`(jobs.error->>'code') = ${code}`,
  ].filter(condition => condition !== false)
}
