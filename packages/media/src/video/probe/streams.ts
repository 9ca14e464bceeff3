import { z } from 'zod'
import { MAX_SAMPLE_RATE } from '../../audio/probe/stream.ts'
import { ProbedChapters } from '../../chapters/probed-chapters.ts'

/** ffprobe leaves out what it does not know, or says N/A, unknown or 0/0. */
const text = z.string().max(100).optional().catch(undefined)
const count = z.int().min(0).optional().catch(undefined)
const numeric = z.coerce.number().optional().catch(undefined)

export const StreamInfo = z.object({
  index: z.int().min(0),
  codec_type: text,
  codec_name: text,
  profile: text,
  width: count,
  height: count,
  sample_aspect_ratio: text,
  avg_frame_rate: text,
  pix_fmt: text,
  bits_per_raw_sample: numeric,
  bit_rate: numeric,
  field_order: text,
  color_range: text,
  color_space: text,
  color_transfer: text,
  color_primaries: text,
  channels: count,
  sample_rate: numeric,
  /** Of the tags these alone; `alpha_mode` is WebM's word for frames of two parts, the second of which is their transparency. */
  tags: z.object({ alpha_mode: text, language: text }).optional().catch(undefined),
  disposition: z.record(z.string(), z.number()).default({}).catch({}),
  side_data_list: z
    .array(z.object({ side_data_type: text, rotation: numeric }))
    .default([])
    .catch([]),
})
export type StreamInfo = z.output<typeof StreamInfo>

/** Returns the frames per second on average, as the file says; 0 where it does not. */
export function statedRate({ avg_frame_rate }: StreamInfo): number {
  const [frames = 0, sec = 0] = (avg_frame_rate ?? '').split('/').map(Number)
  return sec > 0 ? frames / sec : 0
}

/** What ffprobe answers, as far as it is wanted: but for two no tag is ever looked at. */
export const Streams = z.object({
  streams: z.array(StreamInfo).default([]),
  format: z.object({ duration: numeric }).optional().catch(undefined),
  chapters: ProbedChapters,
})

/** Returns whether somebody watches a stream; covers and thumbnails are videos too, to ffmpeg. */
export const isVideoStream = ({ codec_type, disposition }: StreamInfo): boolean =>
  codec_type === 'video' && !hasStill(disposition)

/** Returns whether it is a cover or the like, which takes no time. */
export const isStill = ({ codec_type, disposition }: StreamInfo): boolean =>
  codec_type === 'video' && hasStill(disposition)

const hasStill = (disposition: StreamInfo['disposition']): boolean => STILLS.some(name => disposition[name])

const STILLS = ['attached_pic', 'timed_thumbnails', 'still_image']

/** Returns whether a stream has channels that can be mixed, at a rate that can be brought down. */
export const isAudioStream = ({ codec_type, channels = 0, sample_rate = 0 }: StreamInfo): boolean =>
  codec_type === 'audio' && channels > 0 && sample_rate > 0 && sample_rate <= MAX_SAMPLE_RATE
