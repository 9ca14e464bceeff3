/** A query string; members that are not given are left out. */
export function queryString(query: Record<string, string | number | null | undefined>): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]))
}

/** One page of a list. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}
