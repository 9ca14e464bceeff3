import { z } from 'zod'
import { ChaptersSpec } from './chapters.ts'
import { IconSpec } from './image.ts'
import { common, hexColor, pictureFields } from './shared.ts'

export const SoundSpec = z
  .strictObject({
    type: z.literal('sound'),
    ...common,
    codec: z.enum(['aac', 'opus', 'mp3']).meta({ description: '`aac` is in MP4 with fast start, `opus` in Ogg.' }),
    bitrateKbps: z
      .int()
      .min(16)
      .max(512)
      .default(128)
      .meta({ description: 'Brought down to what the codec takes at most.' }),
    channels: z.int().min(1).max(2).default(2).meta({ description: 'At most this many: mono stays mono.' }),
    loudness: z.number().min(-36).max(-5).nullable().default(-16).meta({
      description:
        'Integrated loudness in LUFS (EBU R 128) of the file as it is written, by one gain for the whole and true peaks of at most -1.5 dBTP; null leaves it as it is. Silence stays silent.',
    }),
  })
  .meta({ id: 'SoundSpec', description: 'The sound in another codec, brought to one loudness.' })
export type SoundSpec = z.output<typeof SoundSpec>

export const PeaksSpec = z
  .strictObject({
    type: z.literal('peaks'),
    ...common,
    points: z.int().min(10).max(10_000).default(1000).meta({ description: 'Pairs of minimum and maximum.' }),
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
    width: z.int().min(1).max(4096).default(1200).meta({ description: 'Pixels.' }),
    height: z.int().min(1).max(2048).default(200).meta({ description: 'Pixels.' }),
    format: z.enum(['webp', 'png']).default('webp').meta({ description: 'How it is written.' }),
    color: hexColor.default('#4f46e5').meta({ description: 'Of the wave.' }),
    background: hexColor.optional().meta({ description: 'Transparent when left out.' }),
  })
  .meta({ id: 'WaveformSpec', description: 'The waveform as a picture.' })
export type WaveformSpec = z.output<typeof WaveformSpec>

export const CoverSpec = z
  .strictObject({ type: z.literal('cover'), ...common, ...pictureFields })
  .meta({ id: 'CoverSpec', description: 'The cover that is embedded in the file; skipped when there is none.' })
export type CoverSpec = z.output<typeof CoverSpec>

export const AudioVariantSpec = z.discriminatedUnion('type', [
  SoundSpec,
  PeaksSpec,
  WaveformSpec,
  CoverSpec,
  ChaptersSpec,
  IconSpec,
])
export type AudioVariantSpec = z.output<typeof AudioVariantSpec>
