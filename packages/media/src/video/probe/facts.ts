import { stat } from 'node:fs/promises'
import type { MediaTypeOf } from '@darkroom/contracts'
import { chaptersOf } from '../../chapters/chapters-of.ts'
import type { ProbedChapter } from '../../chapters/probed-chapters.ts'
import type { VideoFacts } from '../../facts.ts'
import type { PacketScan, StreamScan } from '../../ffmpeg/scan-packets.ts'
import type { ProbeContext } from '../../pipeline/kind.ts'
import type { Size } from '../../plan/geometry.ts'
import { colorsOf } from './colors.ts'
import { rotationOf } from './display-size.ts'
import { type StreamInfo, statedRate } from './streams.ts'

interface Found {
  shown: StreamInfo
  audio: StreamInfo | undefined
  size: Size
  scan: PacketScan
  chapters: readonly ProbedChapter[]
}

function audioFormatOf({ index, channels = 1, sample_rate = 1 }: StreamInfo, scan: PacketScan) {
  const startSec = scan.streams.get(index)?.startSec ?? 0
  // Without any time stamp it begins nowhere.
  const lateSec = Number.isFinite(startSec) ? Math.max(0, startSec - scan.startSec) : 0
  return { channels, sampleRate: sample_rate, startSec: toThousandths(lateSec) }
}

/** Of ffmpeg's names of pixel formats. */
const ALPHA = /^(yuva|gbrap|rgba|bgra|argb|abgr|ya\d)/
const INTERLACED: ReadonlySet<string | undefined> = new Set(['tt', 'bb', 'tb', 'bt'])

export async function toFacts(
  context: ProbeContext,
  { shown, audio, size, scan, chapters }: Found,
): Promise<VideoFacts> {
  const { size: bytes } = await stat(context.file)
  const { durationMs } = scan
  const packets = scan.streams.get(shown.index)
  const { assumed, ...colors } = colorsOf(shown)
  if (assumed !== null) context.warn({ code: 'COLOR_ASSUMED', detail: assumed })
  return {
    kind: 'video',
    contentType: context.type as MediaTypeOf<'video'>,
    ...size,
    animated: true,
    pageCount: null,
    durationMs,
    frameRate: frameRateOf(shown, packets),
    rotation: rotationOf(shown),
    hasAudio: audio !== undefined,
    hasAlpha: ALPHA.test(shown.pix_fmt ?? '') || shown.tags?.alpha_mode === '1',
    isInterlaced: INTERLACED.has(shown.field_order),
    ...colors,
    shownMs: Math.min(durationMs, Math.max(0, Math.round(((packets?.endSec ?? 0) - scan.startSec) * 1000))),
    missingFrames: scan.isDamaged ? missingOf(shown, packets) : 0,
    keyFrameSec: keyFrameSecOf(packets),
    videoStream: shown.index,
    audioStream: audio?.index ?? null,
    audioFormat: audio ? audioFormatOf(audio, scan) : null,
    chapters: chaptersOf(chapters, { type: context.type, beginSec: scan.startSec, durationMs }),
    details: detailsOf(shown, audio, durationMs > 0 ? (bytes * 8) / durationMs : 0),
  }
}

/**
 * Returns the average frame rate: by the header if the packets agree, else by the packets. Never ffprobe's
 * r_frame_rate, which is that of the clock for a variable rate.
 */
function frameRateOf(shown: StreamInfo, scan: StreamScan | undefined): number {
  const stated = statedRate(shown)
  const { packets = 0, startSec = 0, endSec = 0 } = scan ?? {}
  const lengthSec = endSec - startSec
  const missing = Math.abs(stated * lengthSec - packets)
  const isTrue = lengthSec <= 0 || missing <= Math.max(MAX_MISSING, packets * RATE_TOLERANCE)
  return toThousandths(isTrue ? stated : packets / lengthSec)
}

/** Counts the frames that are lost where the demuxer had to search for the next one after damaged data. */
function missingOf(shown: StreamInfo, scan: StreamScan | undefined): number {
  const { packets = 0, startSec = 0, endSec = 0 } = scan ?? {}
  const missing = Math.round(statedRate(shown) * (endSec - startSec)) - packets
  return missing > MAX_MISSING ? missing : 0
}

/** Frames; a container without times for each is a frame or two out. */
const MAX_MISSING = 2
const RATE_TOLERANCE = 0.02
const toThousandths = (value: number): number => Math.round(value * 1000) / 1000

const keyFrameSecOf = (scan: StreamScan | undefined): number =>
  // Without any time stamp it begins nowhere.
  scan && Number.isFinite(scan.startSec)
    ? toThousandths((scan.endSec - scan.startSec) / Math.max(1, scan.keyPackets))
    : 0

/** Returns the details by an allow-list: tags may contain a position, a name or a serial number. */
function detailsOf(shown: StreamInfo, audio: StreamInfo | undefined, kbps: number): VideoFacts['details'] {
  const { codec_name, profile, pix_fmt, color_range, color_space, color_transfer, color_primaries } = shown
  const color = known({ space: color_space, transfer: color_transfer, primaries: color_primaries, range: color_range })
  return {
    ...known({ videoCodec: codec_name, videoProfile: profile, pixelFormat: pix_fmt }),
    ...known({ bitDepth: shown.bits_per_raw_sample, bitRateKbps: kbps, videoBitRateKbps: toKbps(shown.bit_rate) }),
    ...(Object.keys(color).length > 0 && { color }),
    ...(audio && { audio: audioOf(audio) }),
  }
}

const audioOf = ({ codec_name, channels, sample_rate, bit_rate }: StreamInfo) =>
  known({ codec: codec_name, channels, sampleRate: sample_rate, bitRateKbps: toKbps(bit_rate) })

const toKbps = (bitsPerSec: number | undefined) => (bitsPerSec === undefined ? undefined : bitsPerSec / 1000)

/** Returns what ffprobe found, with whole numbers as numbers. */
const known = (found: Record<string, string | number | undefined>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(found)
      .map(([name, value]) => [name, typeof value === 'number' ? Math.round(value) : value] as const)
      .filter((entry): entry is [string, string | number] => !UNKNOWN.has(entry[1])),
  )

const UNKNOWN: ReadonlySet<string | number | undefined> = new Set([undefined, 0, 'unknown'])
