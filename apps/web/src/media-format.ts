import type { WrittenType } from '@darkroom/contracts'
import {
  isMediaType,
  MEDIA_TYPES,
  type MediaKind,
  type MediaType,
  normalizeMediaType,
  typeOfFilename,
} from '@darkroom/contracts/media-types'

/** What is made and never taken. */
const MADE: Record<Exclude<WrittenType, MediaType>, string> = {
  'application/vnd.apple.mpegurl': 'HLS',
  'text/vtt': 'WebVTT',
}
const isMade = (contentType: string): contentType is keyof typeof MADE => Object.hasOwn(MADE, contentType)

/** Returns the name of a format, `JPEG` for `image/jpeg`; for an unlisted type its subtype in capitals. */
export const formatName = (contentType: string): string =>
  (isMediaType(contentType) && MEDIA_TYPES[contentType].label) ||
  (isMade(contentType) && MADE[contentType]) ||
  (contentType.split('/')[1] ?? contentType).toUpperCase()

/**
 * Returns the kind of a media type, also of one that is not accepted: `image` for `image/bmp`; null where the type does
 * not tell.
 */
export function kindOf(contentType: string): MediaKind | null {
  if (isMediaType(contentType)) return MEDIA_TYPES[contentType].kind
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

/** Lists the kinds of these types: `images, audio, and documents`. */
export function kindNames(contentTypes: readonly string[]): string {
  const kinds = new Set(contentTypes.map(kindOf))
  return LIST.format(
    (Object.keys(KIND_NAMES) as MediaKind[]).filter(kind => kinds.has(kind)).map(kind => KIND_NAMES[kind]),
  )
}

/** Returns the names of the formats of each kind: `images`, `JPEG, PNG, and WebP`. */
export const formatsByKind = (contentTypes: readonly string[]): { kind: string; formats: string }[] =>
  (Object.keys(KIND_NAMES) as MediaKind[])
    .map(kind => ({ kind: KIND_NAMES[kind], types: contentTypes.filter(type => kindOf(type) === kind) }))
    .filter(({ types }) => types.length > 0)
    .map(({ kind, types }) => ({ kind, formats: formatNames(types) }))

/** Lists the names of formats: `JPEG, PNG, and WebP`. */
export const formatNames = (contentTypes: readonly string[]): string => LIST.format(contentTypes.map(formatName))

/**
 * Returns the type to declare, under its standard name: the browser's, where Darkroom knows it; else the type of the
 * extension, because some systems take a CSV for an Excel file or a transport stream for TypeScript; else the browser's
 * after all, which may be ''.
 */
export function contentTypeOf({ name, type }: { name: string; type: string }): string {
  const said = normalizeMediaType(type)
  return isMediaType(said) ? said : (typeOfFilename(name) ?? said)
}

/** Returns the `accept` attribute of a file input: types and extensions, because some systems know only the latter. */
export const acceptAttribute = (contentTypes: readonly string[]): string =>
  contentTypes.flatMap(type => [type, ...extensionsOf(type)]).join(',')

const extensionsOf = (type: string): string[] =>
  isMediaType(type) ? MEDIA_TYPES[type].extensions.map(extension => `.${extension}`) : []
