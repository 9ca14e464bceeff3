/** Builds a query string without the members that are null or undefined. */
export function queryString(query: Record<string, string | number | null | undefined>): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
}

/** One page of a list. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}
