import { z } from 'zod'
import type { Limits } from './limits.ts'

const MIB = 1024 * 1024
const count = z.coerce.number().int().min(1)

/** The environment variables that this package understands, with their defaults. */
export const MediaConfig = z.object({
  MAX_IMAGE_PIXELS: count.default(100_000_000),
  MAX_ANIMATION_FRAMES: count.default(1000),
  MAX_IMAGE_DIMENSION: count.default(65_535),
  MAX_DOCUMENT_PAGES: count.default(5000),
  MAX_DURATION_SEC: count.default(4 * 3600),
  MAX_STREAMS: count.default(32),
  TRANSCODE_TIMEOUT_SEC: z.coerce
    .number()
    .min(1)
    .max(7 * 86_400)
    .default(4 * 3600),
  JOB_TIMEOUT_SEC: z.coerce.number().min(1).max(86_400).default(120),
  MAX_MEDIA_MEMORY_MB: z.coerce.number().int().min(256).default(2048),
  MAX_OUTPUT_MB: count.default(4096),
  ACCEPT_SVG: z.stringbool().default(false),
})
export type MediaConfig = z.output<typeof MediaConfig>

export function toLimits(config: MediaConfig): Limits {
  return {
    maxPixels: config.MAX_IMAGE_PIXELS,
    maxFrames: config.MAX_ANIMATION_FRAMES,
    maxDimension: config.MAX_IMAGE_DIMENSION,
    maxPages: config.MAX_DOCUMENT_PAGES,
    maxDurationMs: config.MAX_DURATION_SEC * 1000,
    maxStreams: config.MAX_STREAMS,
    maxTranscodeMs: config.TRANSCODE_TIMEOUT_SEC * 1000,
    timeoutMs: config.JOB_TIMEOUT_SEC * 1000,
    maxRssBytes: config.MAX_MEDIA_MEMORY_MB * MIB,
    maxOutputBytes: config.MAX_OUTPUT_MB * MIB,
    acceptsSvg: config.ACCEPT_SVG,
  }
}
