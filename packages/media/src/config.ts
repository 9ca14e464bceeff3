import { z } from 'zod'
import type { Limits } from './limits.ts'

const MIB = 1024 * 1024
const count = z.coerce.number().int().min(1)

/** The environment variables that this package understands, with their defaults. */
export const MediaConfig = z.object({
  MAX_IMAGE_PIXELS: count
    .default(100_000_000)
    .describe(
      'Width × height of a picture, of one on a page of a PDF, or of a video’s frame, in pixels; for an animation, of all frames together. Above it: `TOO_MANY_PIXELS`.',
    ),
  MAX_IMAGE_DIMENSION: count
    .default(65_535)
    .describe('Longest side of a picture or a video, in pixels. Above it: `TOO_MANY_PIXELS`.'),
  MAX_ANIMATION_FRAMES: count
    .default(1000)
    .describe('Frames of an animation, or pages of a TIFF. Above it: `TOO_MANY_FRAMES`.'),
  MAX_DOCUMENT_PAGES: count.default(5000).describe('Pages of a document. Above it: `TOO_MANY_PAGES`.'),
  MAX_DURATION_SEC: count.default(4 * 3600).describe('Length of a video or a sound, in seconds. Above it: `TOO_LONG`.'),
  MAX_STREAMS: count.default(32).describe('Tracks of a video or a sound. Above it: `TOO_MANY_STREAMS`.'),
  JOB_TIMEOUT_SEC: z.coerce
    .number()
    .min(1)
    .max(86_400)
    .default(120)
    .describe(
      'How long one call to a media process may work on a picture or a document, in seconds. A document gets less where it is small: 30 s, 2 s for each MiB of it and 1 s for each page that is made. Above it: `TIMEOUT`.',
    ),
  TRANSCODE_TIMEOUT_SEC: z.coerce
    .number()
    .min(1)
    .max(7 * 86_400)
    .default(4 * 3600)
    .describe('The same for a video or a sound, in seconds.'),
  MAX_MEDIA_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(256)
    .default(2048)
    .describe(
      'Memory of one media process and what it started, in MiB; one that grows past it is killed. Above it: `RESOURCE_LIMIT`.',
    ),
  MAX_OUTPUT_MB: count.default(4096).describe('Size of one variant, in MiB. Above it: `OUTPUT_TOO_LARGE`.'),
})
export type MediaConfig = z.output<typeof MediaConfig>

export function toLimits(config: MediaConfig, { acceptsSvg = false } = {}): Limits {
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
    acceptsSvg,
  }
}
