import type { StillImageSpec } from '@darkroom/contracts'
import { type ImageFormatName, WRITTEN_TYPES, type WrittenType } from '@darkroom/contracts/written-types'

/** What a planned file says of its media type. */
export interface FileType<Type extends WrittenType = WrittenType> {
  contentType: Type
  extension: string
}

export const fileType = <Type extends WrittenType>(contentType: Type): FileType<Type> => ({
  contentType,
  extension: WRITTEN_TYPES[contentType],
})

type EncoderSpec = Pick<StillImageSpec, 'quality' | 'effort'>

/** From here on a JPEG is written by mozjpeg, which makes a 1280 px one 8 to 10 times as dear (17 to 140 ms, measured). */
const MOZJPEG_EFFORT = 5

/** One step more costs 4 times the work for 1 to 6 % of the bytes and 0.1 to 0.4 dB (1280 px photos, measured). */
const AVIF_EFFORT = 3

/** sharp's output options for a format. Plain data, so that the benchmark can hand the very same to sharp itself. */
export const ENCODER_OPTIONS = {
  webp: ({ quality, effort = 4 }) => ({ quality, effort: Math.min(6, effort) }),
  jpeg: ({ quality, effort = 0 }) => ({ quality, mozjpeg: effort >= MOZJPEG_EFFORT }),
  png: ({ effort = 6 }) => ({ compressionLevel: effort }),
  avif: ({ quality, effort = AVIF_EFFORT }) => ({ quality, effort }),
} as const satisfies Record<ImageFormatName, (spec: EncoderSpec) => Record<string, number | boolean>>

export function encoderOptions(spec: EncoderSpec & { format: ImageFormatName }): Record<string, number | boolean> {
  return ENCODER_OPTIONS[spec.format](spec)
}
