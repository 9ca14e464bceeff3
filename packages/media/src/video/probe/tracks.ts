import { isTakenCodec } from '../../ffmpeg/codecs.ts'
import { type StreamInfo, statedRate } from './streams.ts'

export interface Track {
  stream: StreamInfo
  /** For the owner; null where there was nothing to choose, or the file says which it is. */
  chosen: string | null
}

/** Chooses what a player shows unasked: the one that says so; of several the largest, of those the one with most frames. */
export const chooseVideoTrack = (streams: readonly StreamInfo[]): Track | undefined =>
  choose(
    streams,
    [isTaken, isDefault, ({ width = 0, height = 0 }) => width * height, statedRate],
    ({ width, height }) => `${width}x${height}`,
  )

/** Chooses what a player plays unasked: the one that says so; of several the first. */
export const chooseAudioTrack = (streams: readonly StreamInfo[]): Track | undefined =>
  choose(streams, [isTaken, isDefault], ({ tags }) =>
    LANGUAGE.test(tags?.language ?? '') ? `sound (${tags?.language})` : 'sound',
  )

type Rank = (stream: StreamInfo) => number

/** Ranks tracks that can be decoded before others. */
const isTaken: Rank = ({ codec_name }) => (isTakenCodec(codec_name) ? 1 : 0)
const isDefault: Rank = ({ disposition }) => (disposition.default ? 1 : 0)

/**
 * Tells whether the file itself says which track is meant. It does not when all or none of several are the default one.
 */
const isSaid = (taken: StreamInfo, streams: readonly StreamInfo[]): boolean =>
  streams.every(stream => isDefault(stream) === (stream === taken ? 1 : 0))

const LANGUAGE = /^(?!und)[a-z]{2,3}$/

function choose(streams: readonly StreamInfo[], ranks: readonly Rank[], say: (stream: StreamInfo) => string) {
  const order = streams.toSorted(
    (a, b) => ranks.map(rank => rank(b) - rank(a)).find(difference => difference !== 0) ?? 0,
  )
  const [stream] = order
  if (!stream) return undefined
  const number = streams.indexOf(stream) + 1
  const isChoice = streams.length > 1 && !isSaid(stream, streams)
  return { stream, chosen: isChoice ? `${say(stream)}, track ${number} of ${streams.length}` : null }
}
