import { s3Error } from '../errors.ts'

/** One decoded name=value of a query; a name without `=` has an empty value. */
export type QueryPair = readonly [name: string, value: string]

export function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw Object.assign(s3Error('InvalidRequest', 'The URI is not valid UTF-8.'), { cause })
  }
}

export function parseQuery(text: string): QueryPair[] {
  if (text === '') return []
  return text
    .split('&')
    .filter(part => part !== '')
    .map(part => {
      const at = part.indexOf('=')
      const name = at === -1 ? part : part.slice(0, at)
      const value = at === -1 ? '' : part.slice(at + 1)
      return [decodeComponent(name.replaceAll('+', ' ')), decodeComponent(value.replaceAll('+', ' '))]
    })
}

/** Percent-encodes a text by RFC 3986 as SigV4 wants it: only letters, digits and `-._~` stay (and `/`, when asked). */
export function encodeUri(text: string, keepSlash: boolean): string {
  const encoded = encodeURIComponent(text).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return keepSlash ? encoded.replaceAll('%2F', '/') : encoded
}
