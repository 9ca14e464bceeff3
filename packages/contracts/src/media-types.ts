import type { WrittenType } from './written-types.ts'

/** What Darkroom knows of a media type that it takes. */
interface MediaTypeEntry {
  kind: MediaKind
  /** For people. */
  label: string
  icon: IconFamily
  /** How names of such files end: a guess, where nobody says what a file is. The first one is written on its icon. */
  extensions: readonly [string, ...string[]]
  /** What clients and tools call it as well. */
  aliases: readonly string[]
}

/** Types that look alike have one icon and one colour. */
export type IconFamily =
  | 'pdf'
  | 'document'
  | 'sheet'
  | 'slides'
  | 'archive'
  | 'text'
  | 'code'
  | 'image'
  | 'video'
  | 'sound'

/** The media types that Darkroom takes: the one list of them. What an installation lacks tools for, it refuses. */
export const MEDIA_TYPES = {
  'image/jpeg': {
    kind: 'image',
    label: 'JPEG',
    icon: 'image',
    extensions: ['jpeg', 'jpg', 'jpe', 'jfif'],
    aliases: ['image/jpg', 'image/pjpeg'],
  },
  'image/png': {
    kind: 'image',
    label: 'PNG',
    icon: 'image',
    extensions: ['png', 'apng'],
    aliases: ['image/x-png', 'image/apng'],
  },
  'image/webp': { kind: 'image', label: 'WebP', icon: 'image', extensions: ['webp'], aliases: [] },
  'image/gif': { kind: 'image', label: 'GIF', icon: 'image', extensions: ['gif'], aliases: [] },
  'image/avif': { kind: 'image', label: 'AVIF', icon: 'image', extensions: ['avif'], aliases: [] },
  'image/tiff': { kind: 'image', label: 'TIFF', icon: 'image', extensions: ['tiff', 'tif'], aliases: ['image/tif'] },
  'image/heic': { kind: 'image', label: 'HEIC', icon: 'image', extensions: ['heic'], aliases: ['image/heic-sequence'] },
  'image/heif': { kind: 'image', label: 'HEIF', icon: 'image', extensions: ['heif'], aliases: ['image/heif-sequence'] },
  'image/jxl': { kind: 'image', label: 'JPEG XL', icon: 'image', extensions: ['jxl'], aliases: [] },
  'image/svg+xml': { kind: 'image', label: 'SVG', icon: 'image', extensions: ['svg'], aliases: ['image/svg'] },
  'video/mp4': { kind: 'video', label: 'MP4', icon: 'video', extensions: ['mp4', 'm4v'], aliases: ['video/x-m4v'] },
  'video/quicktime': { kind: 'video', label: 'MOV', icon: 'video', extensions: ['mov', 'qt'], aliases: [] },
  'video/webm': { kind: 'video', label: 'WebM', icon: 'video', extensions: ['webm'], aliases: [] },
  'video/matroska': {
    kind: 'video',
    label: 'Matroska',
    icon: 'video',
    extensions: ['mkv'],
    aliases: ['video/x-matroska'],
  },
  'video/vnd.avi': {
    kind: 'video',
    label: 'AVI',
    icon: 'video',
    extensions: ['avi'],
    aliases: ['video/x-msvideo', 'video/avi'],
  },
  'video/mp2t': {
    kind: 'video',
    label: 'MPEG-TS',
    icon: 'video',
    extensions: ['ts', 'm2ts', 'mts'],
    aliases: ['video/m2ts'],
  },
  'video/mpeg': {
    kind: 'video',
    label: 'MPEG',
    icon: 'video',
    extensions: ['mpeg', 'mpg'],
    aliases: ['video/mp1s', 'video/mp2p'],
  },
  'video/3gpp': { kind: 'video', label: '3GP', icon: 'video', extensions: ['3gp', '3g2'], aliases: ['video/3gpp2'] },
  'video/ogg': { kind: 'video', label: 'Ogg video', icon: 'video', extensions: ['ogv'], aliases: [] },
  'audio/mpeg': { kind: 'audio', label: 'MP3', icon: 'sound', extensions: ['mp3'], aliases: ['audio/mp3'] },
  'audio/mp4': {
    kind: 'audio',
    label: 'M4A',
    icon: 'sound',
    extensions: ['m4a', 'm4b'],
    aliases: ['audio/m4a', 'audio/x-m4a'],
  },
  'audio/aac': {
    kind: 'audio',
    label: 'AAC',
    icon: 'sound',
    extensions: ['aac'],
    aliases: ['audio/aacp', 'audio/x-aac'],
  },
  'audio/flac': { kind: 'audio', label: 'FLAC', icon: 'sound', extensions: ['flac'], aliases: ['audio/x-flac'] },
  'audio/wav': {
    kind: 'audio',
    label: 'WAV',
    icon: 'sound',
    extensions: ['wav'],
    aliases: ['audio/wave', 'audio/x-wav', 'audio/vnd.wave'],
  },
  'audio/ogg': {
    kind: 'audio',
    label: 'Ogg',
    icon: 'sound',
    extensions: ['ogg', 'oga', 'opus'],
    aliases: ['audio/opus', 'audio/vorbis', 'application/ogg'],
  },
  'audio/aiff': { kind: 'audio', label: 'AIFF', icon: 'sound', extensions: ['aiff', 'aif'], aliases: ['audio/x-aiff'] },
  'application/pdf': {
    kind: 'document',
    label: 'PDF',
    icon: 'pdf',
    extensions: ['pdf'],
    aliases: ['application/x-pdf'],
  },
  'application/epub+zip': { kind: 'document', label: 'EPUB', icon: 'document', extensions: ['epub'], aliases: [] },
  'application/rtf': { kind: 'document', label: 'RTF', icon: 'document', extensions: ['rtf'], aliases: ['text/rtf'] },
  'application/zip': {
    kind: 'document',
    label: 'ZIP',
    icon: 'archive',
    extensions: ['zip'],
    aliases: ['application/x-zip-compressed'],
  },
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': {
    kind: 'document',
    label: 'Word',
    icon: 'document',
    extensions: ['docx'],
    aliases: [],
  },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
    kind: 'document',
    label: 'Excel',
    icon: 'sheet',
    extensions: ['xlsx'],
    aliases: [],
  },
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': {
    kind: 'document',
    label: 'PowerPoint',
    icon: 'slides',
    extensions: ['pptx'],
    aliases: [],
  },
  'application/vnd.oasis.opendocument.text': {
    kind: 'document',
    label: 'OpenDocument text',
    icon: 'document',
    extensions: ['odt'],
    aliases: [],
  },
  'application/vnd.oasis.opendocument.spreadsheet': {
    kind: 'document',
    label: 'OpenDocument sheet',
    icon: 'sheet',
    extensions: ['ods'],
    aliases: [],
  },
  'application/vnd.oasis.opendocument.presentation': {
    kind: 'document',
    label: 'OpenDocument slides',
    icon: 'slides',
    extensions: ['odp'],
    aliases: [],
  },
  'application/json': { kind: 'document', label: 'JSON', icon: 'code', extensions: ['json'], aliases: [] },
  'text/plain': { kind: 'document', label: 'Text', icon: 'text', extensions: ['txt', 'log'], aliases: [] },
  'text/csv': { kind: 'document', label: 'CSV', icon: 'sheet', extensions: ['csv'], aliases: [] },
  'text/markdown': {
    kind: 'document',
    label: 'Markdown',
    icon: 'text',
    extensions: ['md', 'markdown'],
    aliases: ['text/x-markdown'],
  },
} as const satisfies Record<string, MediaTypeEntry>

export const MEDIA_KINDS = ['image', 'video', 'audio', 'document'] as const
export type MediaKind = (typeof MEDIA_KINDS)[number]
export type MediaType = keyof typeof MEDIA_TYPES
/** The media types of one kind. */
export type MediaTypeOf<Kind extends MediaKind> = {
  [Type in MediaType]: (typeof MEDIA_TYPES)[Type]['kind'] extends Kind ? Type : never
}[MediaType]

export const isMediaType = (type: string): type is MediaType => Object.hasOwn(MEDIA_TYPES, type)

const ENTRIES = Object.entries(MEDIA_TYPES) as [MediaType, MediaTypeEntry][]
const BY_ALIAS = new Map(ENTRIES.flatMap(([type, { aliases }]) => aliases.map(alias => [alias, type])))
const BY_EXTENSION = new Map(ENTRIES.flatMap(([type, { extensions }]) => extensions.map(ending => [ending, type])))

/** Returns the standard name of a media type: lower case, without parameters, common aliases resolved. */
export function normalizeMediaType(type: string): string {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase()
  return BY_ALIAS.get(bare) ?? bare
}

/** Returns the media type that a file name ends with; null when it ends with none that we take. What a file is shows in its bytes. */
export function typeOfFilename(filename: string): MediaType | null {
  const extension = /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? ''
  return BY_EXTENSION.get(extension) ?? null
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

/** Returns whether a media type, as `normalizeMediaType` writes it, says nothing of the bytes. */
export const saysNothing = (type: string): boolean => SAYING_NOTHING.has(type)

/** Returns the kind of media that a file is worked on as; of what nobody knows, until its bytes are read, the one that needs least. */
export const kindToTry = (type: string): MediaKind => (isMediaType(type) ? MEDIA_TYPES[type].kind : 'document')

/** Texts that tell where other variants are: playlists, and the storyboards of videos. Chapters are of their type, and tell nothing of the kind. */
const INDEX_TYPES: ReadonlySet<string> = new Set<WrittenType>(['application/vnd.apple.mpegurl', 'text/vtt'])
/** A playlist of a video of many hours is below a megabyte. */
export const MAX_INDEX_BYTES = 8_000_000

export const isIndexType = (contentType: string | null): boolean => contentType !== null && INDEX_TYPES.has(contentType)
