const MAX_FILENAME_BYTES = 255

// Controls, and the characters that turn the direction of text around so that "gpj.exe" reads as "exe.jpg".
const UNPRINTABLE = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu

/** Returns a name that can be shown and offered for saving: the last part of a path, printable, at most 255 bytes. */
export function cleanFilename(name: string): string {
  const lastPart = name.replaceAll('\\', '/').split('/').at(-1) ?? ''
  const printable = lastPart.replace(UNPRINTABLE, '').trim()
  const isName = printable !== '' && printable !== '.' && printable !== '..'
  return isName ? truncateToBytes(printable, MAX_FILENAME_BYTES) : 'file'
}

function truncateToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text
  const [, extension = ''] = /(\.[A-Za-z0-9]{1,16})$/.exec(text) ?? []
  let stem = text.slice(0, text.length - extension.length)
  while (Buffer.byteLength(stem) + extension.length > maxBytes) stem = Array.from(stem).slice(0, -1).join('')
  return stem + extension
}
