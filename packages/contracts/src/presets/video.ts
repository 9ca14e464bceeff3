import { z } from 'zod'
import { SoundSpec } from './audio.ts'
import { ChaptersSpec } from './chapters.ts'
import { IconSpec } from './image.ts'
import { common, dimension, pictureFields, quality } from './shared.ts'

export const PosterSpec = z
  .strictObject({
    type: z.literal('poster'),
    ...common,
    ...pictureFields,
    at: z
      .xor([z.literal('auto'), z.number().min(0)])
      .default('auto')
      .meta({
        description: 'Seconds from the beginning; `auto` looks for a frame that is neither black nor blurred by a cut.',
      }),
  })
  .meta({ id: 'PosterSpec', description: 'One frame as a picture.' })
export type PosterSpec = z.output<typeof PosterSpec>

export const PreviewSpec = z
  .strictObject({
    type: z.literal('preview'),
    ...common,
    width: dimension.default(480).meta({ description: 'Pixels.' }),
    format: z.enum(['webp', 'mp4']).default('webp').meta({ description: 'How it is written.' }),
    durationSec: z.number().min(0.5).max(30).default(3).meta({ description: 'How long it is.' }),
    quality: quality.default(60).meta({ description: 'Of the encoder.' }),
  })
  .meta({
    id: 'PreviewSpec',
    description: 'A short moving preview without sound, made of moments spread over the whole.',
  })
export type PreviewSpec = z.output<typeof PreviewSpec>

export const StoryboardSpec = z
  .strictObject({
    type: z.literal('storyboard'),
    ...common,
    width: z.int().min(32).max(640).default(160).meta({ description: 'Pixels of one frame.' }),
    frames: z.int().min(4).max(400).default(100).meta({ description: 'At most this many frames.' }),
    format: z.enum(['webp', 'jpeg']).default('jpeg').meta({ description: 'How it is written.' }),
    quality: quality.default(70).meta({ description: 'Of the encoder.' }),
  })
  .meta({
    id: 'StoryboardSpec',
    description: 'Small frames in one picture, and `<name>-vtt`, a WebVTT file that says when and where each one is.',
  })
export type StoryboardSpec = z.output<typeof StoryboardSpec>

const deinterlace = z.enum(['frames', 'fields']).default('frames').meta({
  description:
    'Of an interlaced video: `frames` makes one picture of two fields, `fields` one of each, so that 50i becomes 50p and moves as smoothly as it was taken.',
})

const rendition = {
  resolution: z.int().min(120).max(4320).meta({
    description:
      "Of the short side's standard name: 720 makes 1280 × 720 of a wide video and 720 × 1280 of a tall one.",
  }),
  crf: z
    .int()
    .min(10)
    .max(40)
    .default(23)
    .meta({ description: 'Constant quality, as x264 counts it: lower is better.' }),
  effort: z
    .int()
    .min(0)
    .max(9)
    .default(3)
    .meta({ description: "How hard the encoder tries: 0 is fastest, 9 smallest (x264's presets in their order)." }),
  maxBitrateKbps: z.int().min(100).max(100_000).optional().meta({ description: 'What the picture takes at most.' }),
  maxFrameRate: z.number().min(1).max(120).default(60).meta({ description: 'Frames per second.' }),
  audioBitrateKbps: z.int().min(32).max(512).default(128).meta({ description: 'Of the sound.' }),
}

export const RenditionSpec = z
  .strictObject({
    type: z.literal('rendition'),
    ...common,
    ...rendition,
    deinterlace,
    loudness: SoundSpec.shape.loudness,
  })
  .meta({
    id: 'RenditionSpec',
    description: 'An MP4 (H.264, AAC) that plays everywhere and starts before it is loaded.',
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
        error: 'two steps have the same resolution',
      })
      .default([
        { resolution: 360, crf: 25, effort: 3, maxFrameRate: 30, audioBitrateKbps: 96 },
        { resolution: 720, crf: 23, effort: 3, maxFrameRate: 60, audioBitrateKbps: 128 },
      ])
      .meta({ description: 'Steps, each with the fields of a `rendition` from `resolution` to `audioBitrateKbps`.' }),
    segmentSec: z.number().min(2).max(10).default(6).meta({ description: 'Length of one piece.' }),
    deinterlace,
    loudness: SoundSpec.shape.loudness,
  })
  .meta({
    id: 'HlsSpec',
    description:
      'A ladder for adaptive streaming: `<name>` is the master playlist, `<name>-<resolution>` the playlist and `<name>-<resolution>-media` the fragmented MP4 of each step. Steps larger than the source are left out, but the smallest. The bit rate of a step without `maxBitrateKbps` is limited by its size, because players choose by it.',
  })
export type HlsSpec = z.output<typeof HlsSpec>

export const VideoVariantSpec = z.discriminatedUnion('type', [
  PosterSpec,
  PreviewSpec,
  StoryboardSpec,
  RenditionSpec,
  HlsSpec,
  SoundSpec,
  ChaptersSpec,
  IconSpec,
])
export type VideoVariantSpec = z.output<typeof VideoVariantSpec>
