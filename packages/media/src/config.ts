import { z } from 'zod'
import type { Limits } from './limits.ts'

const MIB = 1024 * 1024
const count = z.coerce.number().int().min(1)

/** The environment variables that this package understands, with their defaults. */
export const MediaConfig = z.object({
  MAX_IMAGE_PIXELS: count
    .default(100_000_000)
    .describe(
      'Maximum width × height of an image, of an image in a PDF, or of a video frame, in pixels; for an animation, of all frames together. Error: `TOO_MANY_PIXELS`.',
    ),
  MAX_IMAGE_DIMENSION: count
    .default(65_535)
    .describe('Maximum width or height of an image or video, in pixels. Error: `TOO_MANY_PIXELS`.'),
  MAX_ANIMATION_FRAMES: count
    .default(1000)
    .describe('Maximum number of frames of an animation, or pages of a TIFF. Error: `TOO_MANY_FRAMES`.'),
  MAX_DOCUMENT_PAGES: count.default(5000).describe('Maximum number of pages of a document. Error: `TOO_MANY_PAGES`.'),
  MAX_DURATION_SEC: count
    .default(4 * 3600)
    .describe('Maximum duration of video or audio, in seconds. Error: `TOO_LONG`.'),
  MAX_STREAMS: count
    .default(32)
    .describe('Maximum number of tracks of a video or audio file. Error: `TOO_MANY_STREAMS`.'),
  JOB_TIMEOUT_SEC: z.coerce
    .number()
    .min(1)
    .max(86_400)
    .default(120)
    .describe(
      'Timeout for one step of processing an image or document, in seconds. Small documents get less: 30 s, plus 2 s per MiB and 1 s per page to render. Error: `TIMEOUT`.',
    ),
  TRANSCODE_TIMEOUT_SEC: z.coerce
    .number()
    .min(1)
    .max(7 * 86_400)
    .default(4 * 3600)
    .describe('Timeout for one step of processing video or audio, in seconds. Error: `TIMEOUT`.'),
  MAX_MEDIA_MEMORY_MB: z.coerce
    .number()
    .int()
    .min(256)
    .default(2048)
    .describe(
      'Maximum memory of a media process with its child processes, in MiB; a larger one is killed. Error: `RESOURCE_LIMIT`.',
    ),
  MAX_OUTPUT_MB: count.default(4096).describe('Maximum size of a variant, in MiB. Error: `OUTPUT_TOO_LARGE`.'),
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
