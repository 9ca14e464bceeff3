import type { AudioTrackSpec } from './presets/audio.ts'

interface ImageFormat {
  contentType: `image/${string}`
  /** How names of such files end. */
  extension: string
  hasAlpha: boolean
  /** The most pixels that the format (or its encoder) has room for on a side. */
  maxSide: number
  /** A browser is offered the lowest rank first: the smallest files for what they show. */
  rank: number
}

/** The formats that an image can be written in, by the `format` of its variant: the one list of them. */
export const IMAGE_FORMATS = {
  webp: { contentType: 'image/webp', extension: 'webp', hasAlpha: true, maxSide: 16_383, rank: 2 },
  jpeg: { contentType: 'image/jpeg', extension: 'jpg', hasAlpha: false, maxSide: 65_535, rank: 3 },
  png: { contentType: 'image/png', extension: 'png', hasAlpha: true, maxSide: 65_535, rank: 4 },
  avif: { contentType: 'image/avif', extension: 'avif', hasAlpha: true, maxSide: 16_384, rank: 1 },
} as const satisfies Record<string, ImageFormat>
export type ImageFormatName = keyof typeof IMAGE_FORMATS
export const IMAGE_FORMAT_NAMES = Object.keys(IMAGE_FORMATS) as ImageFormatName[]
export type WrittenImageType = (typeof IMAGE_FORMATS)[ImageFormatName]['contentType']

const OTHER_TYPES = {
  'video/mp4': 'mp4',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'application/vnd.apple.mpegurl': 'm3u8',
  'text/vtt': 'vtt',
  'text/plain': 'txt',
  'application/json': 'json',
} as const
export type WrittenType = WrittenImageType | keyof typeof OTHER_TYPES

const imageTypes = Object.values(IMAGE_FORMATS).map(({ contentType, extension }) => [contentType, extension] as const)

/** Every media type that Darkroom writes, and how names of such files end. */
export const WRITTEN_TYPES = { ...Object.fromEntries(imageTypes), ...OTHER_TYPES } as Readonly<
  Record<WrittenType, string>
>

/**
 * By the `codec` of an audio file, in the order in which a browser is offered them: the smallest for what it sounds like, then what
 * plays everywhere.
 */
export const WRITTEN_AUDIO_TYPES = {
  opus: 'audio/ogg',
  aac: 'audio/mp4',
  mp3: 'audio/mpeg',
} as const satisfies Record<AudioTrackSpec['codec'], WrittenType>
export type WrittenAudioType = (typeof WRITTEN_AUDIO_TYPES)[keyof typeof WRITTEN_AUDIO_TYPES]
