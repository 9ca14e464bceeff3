import { chaptersOf } from '../../chapters/chapters-of.ts'
import type { AudioFacts } from '../../facts.ts'
import { cleanTag } from '../../ffmpeg/clean-tag.ts'
import type { ProbeContext } from '../../pipeline/kind.ts'
import type { AudioProbeResults } from './context.ts'
import type { AudioStream, Probed } from './streams.ts'

export const factsStep = {
  name: 'facts',
  run({ type }: ProbeContext, before: Omit<AudioProbeResults, 'facts'>): AudioFacts {
    const { stream, durationMs, cover, probed } = before
    const beginSec = Math.max(0, stream.start_time ?? 0)
    return {
      kind: 'audio',
      contentType: type as AudioFacts['contentType'],
      width: null,
      height: null,
      animated: null,
      pageCount: null,
      durationMs,
      sampleRate: stream.sample_rate ?? 1,
      channels: stream.channels ?? 1,
      audioStream: stream.index,
      cover,
      chapters: chaptersOf(probed.chapters, { type, beginSec, durationMs }),
      details: { ...technical(stream, probed), ...describing(stream, probed) },
    }
  },
} as const

function technical({ codec_name, channel_layout, bit_rate }: AudioStream, { format }: Probed): AudioFacts['details'] {
  const kbps = Math.round((bit_rate ?? format.bit_rate ?? 0) / 1000)
  return {
    ...(codec_name && { codec: codec_name }),
    ...(channel_layout && { channelLayout: channel_layout }),
    ...(kbps > 0 && { bitRateKbps: kbps }),
  }
}

/** Returns the day of a date; '' without one. A time says when something was recorded, a day when it was published. */
const day = (text: string): string => /^\s*(\d{4}(-\d\d){0,2})(?!\d)/.exec(text)?.[1] ?? ''
const position = (text: string): string => /^\s*(\d{1,4}(\/\d{1,4})?)\s*$/.exec(text)?.[1] ?? ''

/** An allow-list: tags may hold a position, a path, a serial number. */
const TAGS: Record<string, (text: string) => string> = {
  title: cleanTag,
  artist: cleanTag,
  album: cleanTag,
  genre: cleanTag,
  date: day,
  track: position,
}

function describing(stream: AudioStream, { format }: Probed): AudioFacts['details'] {
  // Ogg keeps them with the stream, all others with the file; Vorbis comments are in capitals.
  const found = Object.entries({ ...stream.tags, ...format.tags }).map(
    ([name, text]) => [name.toLowerCase(), text] as const,
  )
  return Object.fromEntries(
    found
      .map(([name, text]) => [name, Object.hasOwn(TAGS, name) ? (TAGS[name]?.(text) ?? '') : ''] as const)
      .filter(([, text]) => text !== ''),
  )
}
