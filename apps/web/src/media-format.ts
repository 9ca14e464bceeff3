import {
  isMediaType,
  MEDIA_TYPES,
  type MediaKind,
  type MediaType,
  normalizeMediaType,
} from '@darkroom/contracts/media-types'

interface Format {
  /** For people. */
  name: string
  /** Of file names, for browsers that do not tell a file's type. The first one is the usual one. */
  endings: readonly string[]
}

/** Every media type that Darkroom takes. */
const FORMATS: Record<MediaType, Format> = {
  'image/jpeg': { name: 'JPEG', endings: ['jpg', 'jpeg', 'jpe', 'jfif'] },
  'image/png': { name: 'PNG', endings: ['png', 'apng'] },
  'image/webp': { name: 'WebP', endings: ['webp'] },
  'image/gif': { name: 'GIF', endings: ['gif'] },
  'image/avif': { name: 'AVIF', endings: ['avif'] },
  'image/tiff': { name: 'TIFF', endings: ['tif', 'tiff'] },
  'image/heic': { name: 'HEIC', endings: ['heic'] },
  'image/heif': { name: 'HEIF', endings: ['heif'] },
  'image/jxl': { name: 'JPEG XL', endings: ['jxl'] },
  'image/svg+xml': { name: 'SVG', endings: ['svg'] },
  'video/mp4': { name: 'MP4', endings: ['mp4', 'm4v'] },
  'video/quicktime': { name: 'MOV', endings: ['mov', 'qt'] },
  'video/webm': { name: 'WebM', endings: ['webm'] },
  'video/matroska': { name: 'Matroska', endings: ['mkv'] },
  'video/vnd.avi': { name: 'AVI', endings: ['avi'] },
  'video/mp2t': { name: 'MPEG-TS', endings: ['ts', 'm2ts', 'mts'] },
  'video/mpeg': { name: 'MPEG', endings: ['mpg', 'mpeg'] },
  'video/3gpp': { name: '3GP', endings: ['3gp', '3g2'] },
  'video/ogg': { name: 'Ogg video', endings: ['ogv'] },
  'audio/mpeg': { name: 'MP3', endings: ['mp3'] },
  'audio/mp4': { name: 'M4A', endings: ['m4a', 'm4b'] },
  'audio/aac': { name: 'AAC', endings: ['aac'] },
  'audio/flac': { name: 'FLAC', endings: ['flac'] },
  'audio/wav': { name: 'WAV', endings: ['wav'] },
  'audio/ogg': { name: 'Ogg', endings: ['ogg', 'oga', 'opus'] },
  'audio/aiff': { name: 'AIFF', endings: ['aiff', 'aif'] },
  'application/pdf': { name: 'PDF', endings: ['pdf'] },
  'application/epub+zip': { name: 'EPUB', endings: ['epub'] },
  'application/rtf': { name: 'RTF', endings: ['rtf'] },
  'application/zip': { name: 'ZIP', endings: ['zip'] },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': { name: 'Word', endings: ['docx'] },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { name: 'Excel', endings: ['xlsx'] },
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': {
    name: 'PowerPoint',
    endings: ['pptx'],
  },
  'application/vnd.oasis.opendocument.text': { name: 'OpenDocument text', endings: ['odt'] },
  'application/vnd.oasis.opendocument.spreadsheet': { name: 'OpenDocument sheet', endings: ['ods'] },
  'application/vnd.oasis.opendocument.presentation': { name: 'OpenDocument slides', endings: ['odp'] },
  'application/json': { name: 'JSON', endings: ['json'] },
  'text/plain': { name: 'Text', endings: ['txt', 'log'] },
  'text/csv': { name: 'CSV', endings: ['csv'] },
  'text/markdown': { name: 'Markdown', endings: ['md', 'markdown'] },
}

/** What is made and never taken. */
const MADE: Record<string, string> = {
  'application/vnd.apple.mpegurl': 'HLS',
  'text/vtt': 'WebVTT',
}

const formatOf = (contentType: string): Format | null => (isMediaType(contentType) ? FORMATS[contentType] : null)

/** `JPEG` for `image/jpeg`; the subtype in capitals for what is not listed. */
export const formatName = (contentType: string): string =>
  formatOf(contentType)?.name ?? MADE[contentType] ?? (contentType.split('/')[1] ?? contentType).toUpperCase()

/** What kind of media a type is, also where it is not taken: `image` for `image/bmp`; null where the type does not tell. */
export function kindOf(contentType: string): MediaKind | null {
  if (isMediaType(contentType)) return MEDIA_TYPES[contentType]
  const family = contentType.split('/')[0]
  return family === 'image' || family === 'video' || family === 'audio' ? family : null
}

/** In the order in which they are named. */
const KIND_NAMES = {
  image: 'images',
  video: 'video',
  audio: 'audio',
  document: 'documents',
} as const satisfies Record<MediaKind, string>

const LIST = new Intl.ListFormat('en', { type: 'conjunction' })

/** `images, audio, and documents`, of the kinds of these types. */
export function kindNames(contentTypes: readonly string[]): string {
  const kinds = new Set(contentTypes.map(kindOf))
  return LIST.format(
    (Object.keys(KIND_NAMES) as MediaKind[]).filter(kind => kinds.has(kind)).map(kind => KIND_NAMES[kind]),
  )
}

/** The names of the formats of each kind, `images: JPEG, PNG, and WebP`. */
export const formatsByKind = (contentTypes: readonly string[]): { kind: string; formats: string }[] =>
  (Object.keys(KIND_NAMES) as MediaKind[])
    .map(kind => ({ kind: KIND_NAMES[kind], types: contentTypes.filter(type => kindOf(type) === kind) }))
    .filter(({ types }) => types.length > 0)
    .map(({ kind, types }) => ({ kind, formats: formatNames(types) }))

/** `JPEG, PNG, and WebP`. */
export const formatNames = (contentTypes: readonly string[]): string => LIST.format(contentTypes.map(formatName))

/**
 * The type to declare, under its standard name: what the browser says, where that is a type that Darkroom knows; else
 * what the ending tells, since systems call a CSV an Excel file or a transport stream a TypeScript one; else whatever the
 * browser says, which may be nothing.
 */
export function contentTypeOf({ name, type }: { name: string; type: string }): string {
  const said = normalizeMediaType(type)
  if (isMediaType(said)) return said
  const ending = name.split('.').at(-1)?.toLowerCase() ?? ''
  return Object.entries(FORMATS).find(([, { endings }]) => endings.includes(ending))?.[0] ?? said
}

/** The `accept` attribute of a file input: types and endings, since some systems know only the latter. */
export const acceptAttribute = (contentTypes: readonly string[]): string =>
  contentTypes.flatMap(type => [type, ...(formatOf(type)?.endings ?? []).map(ending => `.${ending}`)]).join(',')
