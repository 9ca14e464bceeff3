import { z } from 'zod'
import { ProbedChapters } from '../../chapters/probed-chapters.ts'
import { refuseEncrypted } from '../../ffmpeg/encryption.ts'
import { probeStreams } from '../../ffmpeg/probe-streams.ts'
import type { AudioProbeContext } from './context.ts'

const number = z.coerce.number().optional().catch(undefined)
const text = z.string().max(100).optional().catch(undefined)
const tags = z.record(z.string(), z.string()).default({}).catch({})

const Stream = z.object({
  index: z.int().min(0),
  codec_type: text,
  codec_name: text,
  channels: z.int().min(0).optional().catch(undefined),
  channel_layout: text,
  sample_rate: number,
  bit_rate: number,
  /** Seconds, as the header says. */
  duration: number,
  /** Seconds, on the clock of the container. */
  start_time: number,
  disposition: z.record(z.string(), z.number()).default({}).catch({}),
  tags,
})
export type AudioStream = z.output<typeof Stream>

const Probed = z.object({
  streams: z.array(Stream).default([]),
  format: z.object({ bit_rate: number, tags }).prefault({}),
  chapters: ProbedChapters,
})
export type Probed = z.output<typeof Probed>

/** What ffprobe says about the streams, as far as it is wanted. */
export const probedStep = {
  name: 'probed',
  async run(context: AudioProbeContext): Promise<Probed> {
    await refuseEncrypted(context)
    return Probed.parse(context.answer ?? (await probeStreams(context, context)))
  },
} as const
