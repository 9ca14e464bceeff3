/** The media types that Darkroom takes, and the kind of media each one is. What an installation lacks tools for, it refuses. */
export const MEDIA_TYPES = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/webp': 'image',
  'image/gif': 'image',
  'image/avif': 'image',
  'image/tiff': 'image',
  'image/heic': 'image',
  'image/heif': 'image',
  'image/jxl': 'image',
  'image/svg+xml': 'image',
  'video/mp4': 'video',
  'video/quicktime': 'video',
  'video/webm': 'video',
  'video/matroska': 'video',
  'video/vnd.avi': 'video',
  'video/mp2t': 'video',
  'video/mpeg': 'video',
  'video/3gpp': 'video',
  'video/ogg': 'video',
  'audio/mpeg': 'audio',
  'audio/mp4': 'audio',
  'audio/aac': 'audio',
  'audio/flac': 'audio',
  'audio/wav': 'audio',
  'audio/ogg': 'audio',
  'audio/aiff': 'audio',
  'application/pdf': 'document',
  'application/epub+zip': 'document',
  'application/rtf': 'document',
  'application/zip': 'document',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'document',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'document',
  'application/vnd.oasis.opendocument.text': 'document',
  'application/vnd.oasis.opendocument.spreadsheet': 'document',
  'application/vnd.oasis.opendocument.presentation': 'document',
  'application/json': 'document',
  'text/plain': 'document',
  'text/csv': 'document',
  'text/markdown': 'document',
} as const satisfies Record<string, MediaKind>

export const MEDIA_KINDS = ['image', 'video', 'audio', 'document'] as const
export type MediaKind = (typeof MEDIA_KINDS)[number]
export type MediaType = keyof typeof MEDIA_TYPES
/** The media types of one kind. */
export type MediaTypeOf<Kind extends MediaKind> = {
  [Type in MediaType]: (typeof MEDIA_TYPES)[Type] extends Kind ? Type : never
}[MediaType]

export const isMediaType = (type: string): type is MediaType => Object.hasOwn(MEDIA_TYPES, type)

const ALIASES: Record<string, MediaType> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/apng': 'image/png',
  'image/tif': 'image/tiff',
  'image/svg': 'image/svg+xml',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heif',
  'video/x-matroska': 'video/matroska',
  'video/x-msvideo': 'video/vnd.avi',
  'video/avi': 'video/vnd.avi',
  'video/x-m4v': 'video/mp4',
  'video/3gpp2': 'video/3gpp',
  'video/m2ts': 'video/mp2t',
  'video/mp1s': 'video/mpeg',
  'video/mp2p': 'video/mpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/m4a': 'audio/mp4',
  'audio/x-m4a': 'audio/mp4',
  'audio/aacp': 'audio/aac',
  'audio/x-aac': 'audio/aac',
  'audio/x-flac': 'audio/flac',
  'audio/wave': 'audio/wav',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/opus': 'audio/ogg',
  'audio/vorbis': 'audio/ogg',
  'application/ogg': 'audio/ogg',
  'audio/x-aiff': 'audio/aiff',
  'application/x-pdf': 'application/pdf',
  'text/rtf': 'application/rtf',
  'text/x-markdown': 'text/markdown',
  'application/x-zip-compressed': 'application/zip',
}

/** The standard name of a media type: lower case, without parameters, common aliases resolved. */
export function normalizeMediaType(type: string): string {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase()
  return ALIASES[bare] ?? bare
}

/** Of bytes of which nobody has said what they are. */
export const UNKNOWN_TYPE = 'application/octet-stream'

/** What clients and servers send of a file that they know nothing of. */
const SAYING_NOTHING: ReadonlySet<string> = new Set([
  '',
  UNKNOWN_TYPE,
  'binary/octet-stream',
  'application/binary',
  'application/download',
  'application/force-download',
  'application/x-download',
])

/** Whether a media type, as `normalizeMediaType` writes it, says nothing of the bytes. */
export const saysNothing = (type: string): boolean => SAYING_NOTHING.has(type)

/** The kind of media that a file is worked on as; of what nobody knows, until its bytes are read, the one that needs least. */
export const kindToTry = (type: string): MediaKind => (isMediaType(type) ? MEDIA_TYPES[type] : 'document')

/** Texts that tell where other variants are: playlists, and the storyboards of films. Chapters are of their type, and tell nothing of the kind. */
const INDEX_TYPES: ReadonlySet<string> = new Set(['application/vnd.apple.mpegurl', 'text/vtt'])
/** A playlist of a film of many hours is below a megabyte. */
export const MAX_INDEX_BYTES = 8_000_000

export const isIndexType = (contentType: string | null): boolean => contentType !== null && INDEX_TYPES.has(contentType)
