import { type SQL, sql } from 'drizzle-orm'

/** What columns of an index, after those that it begins with, are compared with. */
export interface Bound {
  columns: SQL[]
  values: SQL[]
  /** Whether what is equal is left out. */
  isOpen?: boolean
}

/** Where a range of an index begins and ends; without a bound, with the first or last row that has the values. */
export interface IndexRange {
  columns: SQL[]
  values: SQL[]
  lower?: Bound | null | undefined
  upper?: Bound | null | undefined
}

const tuple = (parts: SQL[]): SQL => sql`(${sql.join(parts, sql`, `)})`

/**
 * Builds the condition for the rows of one range of one index, as comparisons of whole tuples: sorted by the same
 * columns, no other index has them in that order. With each column compared alone, Postgres may walk along another
 * index with the order and read everything that it then filters out. There is one comparison for each side, because the
 * scan starts at one of them and checks the others row by row.
 */
export function isInRange({ columns, values, lower, upper }: IndexRange): SQL {
  const side = (bound: Bound | null | undefined, sign: '<' | '>') => {
    const { columns: more, values: moreValues, isOpen = false } = bound ?? { columns: [], values: [] }
    const operator = sql.raw(isOpen ? sign : `${sign}=`)
    return sql`${tuple([...columns, ...more])} ${operator} ${tuple([...values, ...moreValues])}`
  }
  return sql`${side(lower, '>')} AND ${side(upper, '<')}`
}
