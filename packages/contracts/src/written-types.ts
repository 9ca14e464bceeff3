import type { AudioTrackSpec } from './presets/audio.ts'
import type { StillImageSpec } from './presets/image.ts'

/** Every media type that Darkroom writes, and how names of such files end. */
export const WRITTEN_TYPES = {
  'image/avif': 'avif',
  'image/webp': 'webp',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'video/mp4': 'mp4',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'application/vnd.apple.mpegurl': 'm3u8',
  'text/vtt': 'vtt',
  'text/plain': 'txt',
  'application/json': 'json',
} as const
export type WrittenType = keyof typeof WRITTEN_TYPES

/** By the `format` of a picture. */
export const WRITTEN_IMAGE_TYPES = {
  avif: 'image/avif',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
  png: 'image/png',
} as const satisfies Record<StillImageSpec['format'], WrittenType>
export type WrittenImageType = (typeof WRITTEN_IMAGE_TYPES)[keyof typeof WRITTEN_IMAGE_TYPES]

/** By the `codec` of a sound. */
export const WRITTEN_AUDIO_TYPES = {
  aac: 'audio/mp4',
  opus: 'audio/ogg',
  mp3: 'audio/mpeg',
} as const satisfies Record<AudioTrackSpec['codec'], WrittenType>
export type WrittenAudioType = (typeof WRITTEN_AUDIO_TYPES)[keyof typeof WRITTEN_AUDIO_TYPES]
