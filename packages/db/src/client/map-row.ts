import { getTableColumns, type InferSelectModel } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'

/**
 * Converts a row that plain SQL returned as JSON (`to_jsonb(table)`) to the types of its table, as the query builder
 * does for the statements that it can build.
 */
export function mapRow<T extends PgTable>(table: T, raw: Record<string, unknown>): InferSelectModel<T> {
  const row: Record<string, unknown> = {}
  for (const [property, column] of columnsOf(table)) {
    const value = raw[column.name] ?? null
    row[property] = value === null ? null : column.mapFromDriverValue(value)
  }
  return row as InferSelectModel<T>
}

const known = new WeakMap<PgTable, [property: string, column: PgColumn][]>()

function columnsOf(table: PgTable): [property: string, column: PgColumn][] {
  const columns = known.get(table) ?? Object.entries<PgColumn>(getTableColumns(table))
  known.set(table, columns)
  return columns
}
