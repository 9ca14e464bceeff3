import { z } from 'zod'
import { ChaptersSpec } from './chapters.ts'
import { IconSpec } from './image.ts'
import { common, hexColor, imageFields } from './shared.ts'

export const AudioTrackSpec = z
  .strictObject({
    type: z.literal('sound'),
    ...common,
    codec: z
      .enum(['aac', 'opus', 'mp3'])
      .meta({ description: '`aac` is written as MP4 with fast start, `opus` as Ogg.' }),
    bitrateKbps: z
      .int()
      .min(16)
      .max(512)
      .default(128)
      .meta({ description: 'Bit rate; limited to the maximum of the codec.' }),
    channels: z.int().min(1).max(2).default(2).meta({ description: 'Maximum number of channels: mono stays mono.' }),
    loudness: z.number().min(-36).max(-5).nullable().default(-16).meta({
      description:
        'Target for the integrated loudness of the output file in LUFS (EBU R 128), with true peaks of at most -1.5 dBTP; null keeps the loudness of the source. One gain of at most 30 dB is applied to the whole file. Audio that needs no limiter can come out up to 1 LU quieter than the target, because the AAC encoder removes some of it (pink noise: 0.6 LU). If loudness and peaks cannot both be met, the peak limit wins. If loudness and peaks cannot both be met, the peak limit wins. Silence stays silent.',
    }),
  })
  .meta({ id: 'SoundSpec', description: 'The audio in another codec, with normalized loudness.' })
export type AudioTrackSpec = z.output<typeof AudioTrackSpec>

export const PeaksSpec = z
  .strictObject({
    type: z.literal('peaks'),
    ...common,
    points: z.int().min(10).max(10_000).default(1000).meta({ description: 'Number of pairs of minimum and maximum.' }),
  })
  .meta({
    id: 'PeaksSpec',
    description: "The waveform as numbers, in the JSON of BBC's audiowaveform (version 2, 8 bit, one channel).",
  })
export type PeaksSpec = z.output<typeof PeaksSpec>

export const WaveformSpec = z
  .strictObject({
    type: z.literal('waveform'),
    ...common,
    width: z.int().min(1).max(4096).default(1200).meta({ description: 'In pixels.' }),
    height: z.int().min(1).max(2048).default(200).meta({ description: 'In pixels.' }),
    format: z.enum(['webp', 'png']).default('webp').meta({ description: 'Output format.' }),
    color: hexColor.default('#4f46e5').meta({ description: 'Colour of the waveform.' }),
    background: hexColor.optional().meta({ description: 'Background colour. Default: transparent.' }),
  })
  .meta({ id: 'WaveformSpec', description: 'The waveform as an image.' })
export type WaveformSpec = z.output<typeof WaveformSpec>

export const CoverSpec = z
  .strictObject({ type: z.literal('cover'), ...common, ...imageFields })
  .meta({ id: 'CoverSpec', description: 'The cover that is embedded in the file; `skipped` if there is none.' })
export type CoverSpec = z.output<typeof CoverSpec>

export const AudioVariantSpec = z.discriminatedUnion('type', [
  AudioTrackSpec,
  PeaksSpec,
  WaveformSpec,
  CoverSpec,
  ChaptersSpec,
  IconSpec,
])
export type AudioVariantSpec = z.output<typeof AudioVariantSpec>
