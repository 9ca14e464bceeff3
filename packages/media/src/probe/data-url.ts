const BASE64 = /;\s*base64\s*$/i

/** Returns the bytes of a `data:` URL (RFC 2397), whatever type it says; null of any other URL. */
export function dataUrlBytes(url: string): Buffer | null {
  // As the URL standard reads it, wherever they are.
  const trimmed = url.replace(/[\t\n\r]/g, '').trim()
  const comma = trimmed.indexOf(',')
  if (comma === -1 || !/^data:/i.test(trimmed)) return null
  const bytes = percentDecoded(trimmed.slice(comma + 1))
  return BASE64.test(trimmed.slice(0, comma)) ? Buffer.from(bytes.toString('latin1'), 'base64') : bytes
}

/** Decodes percent escapes, also of bytes that are not valid UTF-8, which `decodeURIComponent` refuses. */
const percentDecoded = (text: string): Buffer =>
  Buffer.from(
    Buffer.from(text)
      .toString('latin1')
      .replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
