import { MediaFault } from '../../fault.ts'
import { isTakenCodec } from '../../ffmpeg/codecs.ts'
import type { ProbeContext } from '../../pipeline/kind.ts'
import type { AudioProbeResults } from './context.ts'
import type { AudioStream } from './streams.ts'

/** Nothing that people record is faster; to bring more down takes memory without end. */
export const MAX_SAMPLE_RATE = 768_000

/** What a player plays unasked: the stream that says so, else the first. */
export const streamStep = {
  name: 'stream',
  run(_context: ProbeContext, { probed }: Pick<AudioProbeResults, 'probed'>): AudioStream {
    const heard = probed.streams.filter(isHeard)
    const stream = heard.find(({ disposition }) => disposition.default) ?? heard[0]
    if (!stream) throw new MediaFault('CORRUPT_FILE', 'The file has no audio track')
    if (isTakenCodec(stream.codec_name)) return stream
    throw new MediaFault('UNSUPPORTED_TYPE', `The audio codec ${stream.codec_name ?? 'unknown'} is not supported`)
  },
} as const

const isHeard = ({ codec_type, channels = 0, sample_rate = 0 }: AudioStream): boolean =>
  codec_type === 'audio' && channels > 0 && sample_rate > 0 && sample_rate <= MAX_SAMPLE_RATE
