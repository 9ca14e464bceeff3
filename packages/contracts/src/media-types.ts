/** The media types that this version can process, and the kind of media each one is. */
export const MEDIA_TYPES = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'image/webp': 'image',
  'image/gif': 'image',
  'image/avif': 'image',
  'image/tiff': 'image',
} as const satisfies Record<string, MediaKind>

export const MEDIA_KINDS = ['image', 'video', 'audio', 'document'] as const
export type MediaKind = (typeof MEDIA_KINDS)[number]
export type MediaType = keyof typeof MEDIA_TYPES

export const isMediaType = (type: string): type is MediaType => Object.hasOwn(MEDIA_TYPES, type)

const ALIASES: Record<string, MediaType> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/x-png': 'image/png',
  'image/tif': 'image/tiff',
}

/** The standard name of a media type: lower case, without parameters, common aliases resolved. */
export function normalizeMediaType(type: string): string {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase()
  return ALIASES[bare] ?? bare
}
