import type { ImageVariantSpec } from '@darkroom/contracts'

export type OutputFormat = ImageVariantSpec['format']

interface OutputType {
  contentType: string
  extension: string
  hasAlpha: boolean
}

export const OUTPUT_TYPES = {
  webp: { contentType: 'image/webp', extension: 'webp', hasAlpha: true },
  jpeg: { contentType: 'image/jpeg', extension: 'jpg', hasAlpha: false },
  png: { contentType: 'image/png', extension: 'png', hasAlpha: true },
  avif: { contentType: 'image/avif', extension: 'avif', hasAlpha: true },
} as const satisfies Record<OutputFormat, OutputType>

/**
 * sharp's output options for a format. Plain data, so that the benchmark can hand the very same to sharp itself.
 * mozjpeg stays off: it makes a 1280 px JPEG 8 to 10 times as dear as plain libjpeg-turbo (17 to 140 ms, measured).
 */
export const ENCODER_OPTIONS = {
  webp: quality => ({ quality, effort: 4 }),
  jpeg: quality => ({ quality, mozjpeg: false }),
  png: () => ({ compressionLevel: 6 }),
  avif: quality => ({ quality, effort: 4 }),
} as const satisfies Record<OutputFormat, (quality: number) => Record<string, number | boolean>>

export function encoderOptions(format: OutputFormat, quality: number): Record<string, number | boolean> {
  return ENCODER_OPTIONS[format](quality)
}
