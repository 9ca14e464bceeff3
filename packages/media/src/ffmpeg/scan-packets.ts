import { MediaFault, overLimit } from '../fault.ts'
import type { Limits } from '../limits.ts'
import { jsonAnswer, runFfprobe, showAbout } from './probe-streams.ts'
import type { FfmpegContext } from './run-ffmpeg.ts'
import { splitPackets } from './split-packets.ts'

/** What the packets of one stream add up to. */
export interface StreamScan {
  packets: number
  keyPackets: number
  startSec: number
  endSec: number
}

export interface PacketScan {
  /** By the index of the stream. */
  streams: ReadonlyMap<number, StreamScan>
  /** 0, or the first packet where that is later. */
  startSec: number
  /** From there to the end of the last packet. */
  durationMs: number
  /** Whether the demuxer came upon what it could not read. */
  isDamaged: boolean
}

/** A recording that was interrupted, or a clock that began anew, as where files were joined: players go on, and so do we. */
const MAX_GAP_SEC = 10
const MAX_BACK_SEC = 1
const CLOCKS_THAT_JUMP: ReadonlySet<string> = new Set(['video/mp2t', 'video/mpeg'])

/** What one run of ffprobe says of a file. */
export interface ScannedFile {
  /** Its format, streams and chapters, as `probeStreams` returns them. */
  answer: unknown
  /** What ffprobe said of parts that it could not read. */
  stderr: string
  /** What the packets of each stream add up to, by its index. */
  tallies: ReadonlyMap<number, StreamScan>
}

/**
 * Reads what a file says of itself and, without decoding any, each of its packets: headers lie about durations, and about whether the file is
 * complete. To start ffprobe costs more than to read a minute of video, so one run does both.
 * @throws MediaFault TOO_LONG as soon as every stream is, and what `probeStreams` throws
 */
export async function scanFile(
  context: Omit<FfmpegContext, 'outDir'>,
  input: { file: string; type: string },
): Promise<ScannedFile> {
  const tallies = new Map<number, Tally>()
  const canJump = CLOCKS_THAT_JUMP.has(input.type)
  const { maxDurationMs } = context.limits
  const answer = jsonAnswer()
  const hear = splitPackets(line => count(tallies, line, canJump), answer.add)
  const stderr = await runFfprobe(context, input, showAbout(PACKETS), chunk => {
    hear(chunk)
    if (areAllTooLong(tallies, maxDurationMs)) throw tooLong(maxDurationMs)
  })
  return { answer: answer.parse(), stderr, tallies }
}

/**
 * Returns what the packets of these streams add up to: the streams that count, for captions may go on when the video has ended.
 * @throws MediaFault TOO_LONG, TRUNCATED_FILE
 */
export function packetsOf(
  { stderr, tallies }: ScannedFile,
  indices: readonly number[],
  { maxDurationMs }: Pick<Limits, 'maxDurationMs'>,
): PacketScan {
  const streams = new Map(indices.map(index => [index, tallies.get(index) ?? begin()]))
  const durationMs = durationOf(streams)
  if (durationMs > maxDurationMs) throw tooLong(maxDurationMs)
  if (ENDS_EARLY.test(stderr)) throw new MediaFault('TRUNCATED_FILE', 'The file is truncated')
  const isDamaged = DEMUXER_FAILS.test(stderr)
  return { streams, startSec: startOf(streams), durationMs: Math.round(durationMs), isDamaged }
}

export const tooLong = (maxDurationMs: number): MediaFault =>
  overLimit('maxDurationMs', 'TOO_LONG', `The file is longer than ${maxDurationMs / 1000} s, which is the limit`)

const PACKETS = 'packet=stream_index,pts_time,dts_time,duration_time,flags'

/** Of mov and of Matroska; other formats have no length that they could fall short of. */
export const ENDS_EARLY = /\[error\] (stream \d+, offset 0x[0-9a-f]+: partial file|File ended prematurely)/i

/** The parsers, which speak too, are no judges: they look at the beginning of frames alone. */
const DEMUXER_FAILS = /^\[(mov|matroska|avi|ogg|mpegts|mpeg)\b[^\]]* @ 0x[0-9a-f]+\] \[error\]/m

interface Tally extends StreamScan {
  /** Of the packets in the order in which they are decoded, which is that of the clock. */
  lastSec: number
  stepSec: number
  /** What a clock that jumped is put back by. */
  shiftSec: number
}

const begin = (): Tally => ({
  packets: 0,
  keyPackets: 0,
  startSec: Number.POSITIVE_INFINITY,
  endSec: 0,
  lastSec: Number.NaN,
  stepSec: 0,
  shiftSec: 0,
})

/** What is not known of a packet is left out. Its side data follow on lines of their own. */
const PACKET =
  /"stream_index": (\d+)(?:, "pts_time": "([^"]+)")?(?:, "dts_time": "([^"]+)")?(?:, "duration_time": "([^"]+)")?(?:, "flags": "([^"]*)")?/

function count(tallies: Map<number, Tally>, line: string, canJump: boolean): void {
  const [, index, pts, dts, duration, flags = ''] = PACKET.exec(line) ?? []
  if (index === undefined) return
  const tally = tallies.get(Number(index)) ?? begin()
  tallies.set(Number(index), tally)
  tally.packets++
  if (flags.includes('K')) tally.keyPackets++
  const [shownSec, decodedSec, lengthSec] = [pts, dts, duration].map(text => numberOf(text))
  const atSec = shownSec ?? decodedSec
  if (atSec !== undefined) advance(tally, { atSec, decodedSec: decodedSec ?? atSec, lengthSec }, canJump)
}

const numberOf = (text: string | undefined): number | undefined => {
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}

interface Times {
  atSec: number
  decodedSec: number
  lengthSec: number | undefined
}

function advance(tally: Tally, { atSec, decodedSec, lengthSec }: Times, canJump: boolean): void {
  const jumpSec = Number.isNaN(tally.lastSec) ? 0 : decodedSec + tally.shiftSec - tally.lastSec
  if (canJump && (jumpSec > MAX_GAP_SEC || jumpSec < -MAX_BACK_SEC)) tally.shiftSec += tally.stepSec - jumpSec
  else if (jumpSec !== 0) tally.stepSec = Math.abs(jumpSec)
  const startSec = atSec + tally.shiftSec
  tally.startSec = Math.min(tally.startSec, startSec)
  tally.endSec = Math.max(tally.endSec, startSec + (lengthSec ?? tally.stepSec))
  tally.lastSec = decodedSec + tally.shiftSec
}

/** Tells whether none of the streams seen so far is short enough: then no choice among them is. */
const areAllTooLong = (tallies: ReadonlyMap<number, StreamScan>, maxDurationMs: number): boolean =>
  tallies.size > 0 &&
  [...tallies.values()].every(({ startSec, endSec }) => (endSec - Math.max(0, startSec)) * 1000 > maxDurationMs)

const timed = (streams: ReadonlyMap<number, StreamScan>): StreamScan[] =>
  [...streams.values()].filter(({ startSec }) => Number.isFinite(startSec))

/** Returns the start. What lies before 0 is cut off by an edit list. */
function startOf(streams: ReadonlyMap<number, StreamScan>): number {
  const starts = timed(streams).map(({ startSec }) => startSec)
  return starts.length === 0 ? 0 : Math.max(0, Math.min(...starts))
}

/** Returns the duration in ms. */
function durationOf(streams: ReadonlyMap<number, StreamScan>): number {
  const startSec = startOf(streams)
  return Math.max(0, ...timed(streams).map(({ endSec }) => endSec - startSec)) * 1000
}
