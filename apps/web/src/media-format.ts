/** Names for people and file endings of media types, for browsers that do not tell a file's type. */
const FORMATS: Record<string, { name: string; endings: string[] }> = {
  'image/jpeg': { name: 'JPEG', endings: ['jpg', 'jpeg', 'jpe', 'jfif'] },
  'image/png': { name: 'PNG', endings: ['png'] },
  'image/webp': { name: 'WebP', endings: ['webp'] },
  'image/gif': { name: 'GIF', endings: ['gif'] },
  'image/avif': { name: 'AVIF', endings: ['avif'] },
  'image/tiff': { name: 'TIFF', endings: ['tif', 'tiff'] },
  'image/heic': { name: 'HEIC', endings: ['heic'] },
  'image/heif': { name: 'HEIF', endings: ['heif'] },
  'image/svg+xml': { name: 'SVG', endings: ['svg'] },
  'application/pdf': { name: 'PDF', endings: ['pdf'] },
  'video/mp4': { name: 'MP4', endings: ['mp4', 'm4v'] },
  'video/quicktime': { name: 'MOV', endings: ['mov'] },
  'video/webm': { name: 'WebM', endings: ['webm'] },
  'audio/mpeg': { name: 'MP3', endings: ['mp3'] },
  'audio/wav': { name: 'WAV', endings: ['wav'] },
}

/** `JPEG` for `image/jpeg`; the subtype in capitals for what is not listed. */
export const formatName = (contentType: string): string =>
  FORMATS[contentType]?.name ?? (contentType.split('/')[1] ?? contentType).toUpperCase()

const LIST = new Intl.ListFormat('en', { type: 'conjunction' })

/** `JPEG, PNG, and WebP`. */
export const formatNames = (contentTypes: readonly string[]): string => LIST.format(contentTypes.map(formatName))

/** The type to declare: what the browser says, else what the ending tells, else an empty string. */
export function contentTypeOf({ name, type }: { name: string; type: string }): string {
  if (type) return type.toLowerCase()
  const ending = name.split('.').at(-1)?.toLowerCase() ?? ''
  return Object.keys(FORMATS).find(key => FORMATS[key]?.endings.includes(ending)) ?? ''
}

/** The `accept` attribute of a file input: types and endings, since some systems know only the latter. */
export const acceptAttribute = (contentTypes: readonly string[]): string =>
  contentTypes.flatMap(type => [type, ...(FORMATS[type]?.endings ?? []).map(ending => `.${ending}`)]).join(',')
