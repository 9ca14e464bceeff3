/** The query string of an address as its route reads it: a text for each name, a list where a name stands twice. */
export type PlainSearch = Record<string, string | string[]>

/** Reads a query string as texts, so that addresses look as people write them; the router would read JSON. */
export function parsePlainSearch(search: string): PlainSearch {
  const params = new URLSearchParams(search)
  return Object.fromEntries(
    [...new Set(params.keys())].map(name => {
      const values = params.getAll(name)
      return [name, values.length === 1 ? String(values[0]) : values]
    }),
  )
}

/** Writes a query string with its `?`; nothing for what is undefined or empty. */
export function stringifyPlainSearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(search))
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null && each !== '') params.append(name, String(each))
  return params.size === 0 ? '' : `?${params}`
}

/** Returns a text of a query string, undefined where there is none. */
export function textIn(search: Record<string, unknown>, name: string): string | undefined {
  const value = search[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Returns one of the keys of a table, undefined where the query string has no such. */
export function choiceIn<K extends string>(
  search: Record<string, unknown>,
  name: string,
  choices: Record<K, unknown>,
): K | undefined {
  const text = textIn(search, name)
  return text !== undefined && Object.hasOwn(choices, text) ? (text as K) : undefined
}
