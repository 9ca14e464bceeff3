import { stat } from 'node:fs/promises'
import type { MediaTypeOf } from '@darkroom/contracts'
import type { VideoFacts } from '../../facts.ts'
import type { PacketScan, StreamScan } from '../../ffmpeg/scan-packets.ts'
import type { ProbeContext } from '../../pipeline/kind.ts'
import type { Size } from '../../plan/geometry.ts'
import { rotationOf } from './shown-size.ts'
import type { StreamInfo } from './streams.ts'

interface Found {
  shown: StreamInfo
  sound: StreamInfo | undefined
  size: Size
  scan: PacketScan
}

/** PQ and HLG. */
const HDR_TRANSFERS: ReadonlySet<string | undefined> = new Set(['smpte2084', 'arib-std-b67'])
const INTERLACED: ReadonlySet<string | undefined> = new Set(['tt', 'bb', 'tb', 'bt'])

export async function toFacts(context: ProbeContext, { shown, sound, size, scan }: Found): Promise<VideoFacts> {
  const { size: bytes } = await stat(context.file)
  const { durationMs } = scan
  const packets = scan.streams.get(shown.index)
  return {
    ...{ kind: 'video', contentType: context.type as MediaTypeOf<'video'>, ...size },
    ...{ animated: true, pageCount: null, durationMs, frameRate: frameRateOf(shown, packets) },
    rotation: rotationOf(shown),
    hasAudio: sound !== undefined,
    isHdr: HDR_TRANSFERS.has(shown.color_transfer),
    isInterlaced: INTERLACED.has(shown.field_order),
    colorMatrix: colorMatrixOf(shown),
    shownMs: Math.min(durationMs, Math.max(0, Math.round(((packets?.endSec ?? 0) - scan.startSec) * 1000))),
    keyFrameSec: keyFrameSecOf(packets),
    ...{ videoStream: shown.index, audioStream: sound?.index ?? null },
    audioFormat: sound ? { channels: sound.channels ?? 1, sampleRate: sound.sample_rate ?? 1 } : null,
    details: detailsOf(shown, sound, durationMs > 0 ? (bytes * 8) / durationMs : 0),
  }
}

/**
 * On average: what the header says if the packets agree, else what they say. Never ffprobe's r_frame_rate, which for a
 * variable rate is the clock's.
 */
function frameRateOf({ avg_frame_rate }: StreamInfo, scan: StreamScan | undefined): number {
  const [frames = 0, sec = 0] = (avg_frame_rate ?? '').split('/').map(Number)
  const stated = sec > 0 ? frames / sec : 0
  const { packets = 0, startSec = 0, endSec = 0 } = scan ?? {}
  const lengthSec = endSec - startSec
  const missing = Math.abs(stated * lengthSec - packets)
  const isTrue = lengthSec <= 0 || missing <= Math.max(MAX_MISSING, packets * RATE_TOLERANCE)
  return toThousandths(isTrue ? stated : packets / lengthSec)
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

/** Where a film does not say it, players read small ones as BT.601 and large ones as BT.709, and so do we. */
function colorMatrixOf({ color_space, height = 0 }: StreamInfo): VideoFacts['colorMatrix'] {
  return MATRICES[color_space ?? ''] ?? (height >= HD_HEIGHT ? 'bt709' : 'bt601')
}

const HD_HEIGHT = 720
const MATRICES: Record<string, VideoFacts['colorMatrix']> = {
  bt709: 'bt709',
  bt470bg: 'bt601',
  smpte170m: 'bt601',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
}

/** An allow-list: tags may hold a position, a name, a serial number. */
function detailsOf(shown: StreamInfo, sound: StreamInfo | undefined, kbps: number): VideoFacts['details'] {
  const { codec_name, profile, pix_fmt, color_range, color_space, color_transfer, color_primaries } = shown
  const color = known({ space: color_space, transfer: color_transfer, primaries: color_primaries, range: color_range })
  return {
    ...known({ videoCodec: codec_name, videoProfile: profile, pixelFormat: pix_fmt }),
    ...known({ bitDepth: shown.bits_per_raw_sample, bitRateKbps: kbps, videoBitRateKbps: toKbps(shown.bit_rate) }),
    ...(Object.keys(color).length > 0 && { color }),
    ...(sound && { audio: soundOf(sound) }),
  }
}

const soundOf = ({ codec_name, channels, sample_rate, bit_rate }: StreamInfo) =>
  known({ codec: codec_name, channels, sampleRate: sample_rate, bitRateKbps: toKbps(bit_rate) })

const toKbps = (bitsPerSec: number | undefined) => (bitsPerSec === undefined ? undefined : bitsPerSec / 1000)

/** What ffprobe could tell, numbers as whole ones. */
const known = (found: Record<string, string | number | undefined>): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(found)
      .map(([name, value]) => [name, typeof value === 'number' ? Math.round(value) : value] as const)
      .filter((entry): entry is [string, string | number] => !UNKNOWN.has(entry[1])),
  )

const UNKNOWN: ReadonlySet<string | number | undefined> = new Set([undefined, 0, 'unknown'])
