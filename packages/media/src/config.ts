import { z } from 'zod'
import type { Limits } from './limits.ts'

const MIB = 1024 * 1024
const count = z.coerce.number().int().min(1)

/** The environment variables that this package understands, with their defaults. */
export const MediaConfig = z.object({
  MAX_IMAGE_PIXELS: count.default(100_000_000),
  MAX_ANIMATION_FRAMES: count.default(1000),
  MAX_IMAGE_DIMENSION: count.default(65_535),
  JOB_TIMEOUT_SEC: z.coerce.number().min(1).max(86_400).default(120),
  MAX_MEDIA_MEMORY_MB: z.coerce.number().int().min(256).default(2048),
})
export type MediaConfig = z.output<typeof MediaConfig>

export function toLimits(config: MediaConfig): Limits {
  return {
    maxPixels: config.MAX_IMAGE_PIXELS,
    maxFrames: config.MAX_ANIMATION_FRAMES,
    maxDimension: config.MAX_IMAGE_DIMENSION,
    timeoutMs: config.JOB_TIMEOUT_SEC * 1000,
    maxRssBytes: config.MAX_MEDIA_MEMORY_MB * MIB,
  }
}
