import { z } from 'zod'
import { AudioTrackSpec } from './audio.ts'
import { ChaptersSpec } from './chapters.ts'
import { IconSpec } from './image.ts'
import { common, dimension, imageFields, quality } from './shared.ts'

export const PosterSpec = z
  .strictObject({
    type: z.literal('poster'),
    ...common,
    ...imageFields,
    at: z
      .xor([z.literal('auto'), z.number().min(0)])
      .default('auto')
      .meta({
        description: 'Time in seconds; `auto` chooses a frame that is neither black nor in the middle of a cut.',
      }),
  })
  .meta({ id: 'PosterSpec', description: 'One frame as an image.' })
export type PosterSpec = z.output<typeof PosterSpec>

export const PreviewSpec = z
  .strictObject({
    type: z.literal('preview'),
    ...common,
    width: dimension.default(480).meta({ description: 'In pixels.' }),
    format: z.enum(['webp', 'mp4']).default('webp').meta({ description: 'Output format.' }),
    durationSec: z.number().min(0.5).max(30).default(3).meta({ description: 'Duration in seconds.' }),
    quality: quality.default(60).meta({ description: 'Quality of the encoder.' }),
  })
  .meta({
    id: 'PreviewSpec',
    description: 'A short silent preview, made of clips from the whole video.',
  })
export type PreviewSpec = z.output<typeof PreviewSpec>

export const StoryboardSpec = z
  .strictObject({
    type: z.literal('storyboard'),
    ...common,
    width: z.int().min(32).max(640).default(160).meta({ description: 'Width of one frame in pixels.' }),
    frames: z.int().min(4).max(400).default(100).meta({ description: 'Maximum number of frames.' }),
    format: z.enum(['webp', 'jpeg']).default('jpeg').meta({ description: 'Output format.' }),
    quality: quality.default(70).meta({ description: 'Quality of the encoder.' }),
  })
  .meta({
    id: 'StoryboardSpec',
    description:
      'Small frames in one image (a sprite), and `<name>-vtt`, a WebVTT file with the time and position of each frame.',
  })
export type StoryboardSpec = z.output<typeof StoryboardSpec>

const deinterlace = z.enum(['frames', 'fields']).default('frames').meta({
  description:
    'How an interlaced video is deinterlaced: `frames` makes one frame of two fields (50i becomes 25p), `fields` one frame of each field (50i becomes 50p, with the full smoothness of motion).',
})

const rendition = {
  resolution: z.int().min(120).max(4320).meta({
    description: 'Standard resolution: 720 makes a landscape video 1280 × 720 and a portrait video 720 × 1280.',
  }),
  crf: z
    .int()
    .min(10)
    .max(40)
    .default(23)
    .meta({ description: 'Constant rate factor (CRF) of x264: lower is better.' }),
  effort: z.int().min(0).max(9).default(3).meta({
    description: 'Effort of the encoder: 0 is fastest, 9 makes the smallest file (the presets of x264 in their order).',
  }),
  maxBitrateKbps: z.int().min(100).max(100_000).optional().meta({ description: 'Maximum video bit rate.' }),
  maxFrameRate: z.number().min(1).max(120).default(60).meta({ description: 'Maximum frames per second.' }),
  audioBitrateKbps: z.int().min(32).max(512).default(128).meta({ description: 'Audio bit rate.' }),
}

export const RenditionSpec = z
  .strictObject({
    type: z.literal('rendition'),
    ...common,
    ...rendition,
    deinterlace,
    loudness: AudioTrackSpec.shape.loudness,
  })
  .meta({
    id: 'RenditionSpec',
    description: 'An MP4 (H.264, AAC) that plays everywhere and starts before it is completely loaded (fast start).',
  })
export type RenditionSpec = z.output<typeof RenditionSpec>

export const HlsSpec = z
  .strictObject({
    type: z.literal('hls'),
    ...common,
    ladder: z
      .array(z.strictObject(rendition))
      .min(1)
      .max(8)
      .refine(steps => new Set(steps.map(({ resolution }) => resolution)).size === steps.length, {
        error: 'two renditions have the same resolution',
      })
      .default([
        { resolution: 360, crf: 25, effort: 3, maxFrameRate: 30, audioBitrateKbps: 96 },
        { resolution: 720, crf: 23, effort: 3, maxFrameRate: 60, audioBitrateKbps: 128 },
      ])
      .meta({
        description: 'Renditions, each with the fields of a `rendition` from `resolution` to `audioBitrateKbps`.',
      }),
    segmentSec: z.number().min(2).max(10).default(6).meta({ description: 'Duration of a segment in seconds.' }),
    deinterlace,
    loudness: AudioTrackSpec.shape.loudness,
  })
  .meta({
    id: 'HlsSpec',
    description:
      'HLS for adaptive streaming: `<name>` is the master playlist, `<name>-<resolution>` the playlist and `<name>-<resolution>-media` the fragmented MP4 of each rendition. Renditions larger than the source are left out, except the smallest one. Without `maxBitrateKbps`, the bit rate of a rendition is limited by its resolution, because players choose by bit rate.',
  })
export type HlsSpec = z.output<typeof HlsSpec>

export const VideoVariantSpec = z.discriminatedUnion('type', [
  PosterSpec,
  PreviewSpec,
  StoryboardSpec,
  RenditionSpec,
  HlsSpec,
  AudioTrackSpec,
  ChaptersSpec,
  IconSpec,
])
export type VideoVariantSpec = z.output<typeof VideoVariantSpec>
