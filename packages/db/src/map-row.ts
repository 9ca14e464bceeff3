import { getTableColumns, type InferSelectModel } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'

/**
 * A row that a statement in plain SQL answered as JSON (`to_jsonb(table)`), in the types of its table: what the query
 * builder does by itself, for the statements that it cannot build.
 */
export function mapRow<T extends PgTable>(table: T, raw: Record<string, unknown>): InferSelectModel<T> {
  const entries = Object.entries(getTableColumns(table)).map(([property, column]) => {
    const value = raw[column.name] ?? null
    return [property, value === null ? null : column.mapFromDriverValue(value)]
  })
  return Object.fromEntries(entries)
}
