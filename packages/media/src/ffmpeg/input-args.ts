import { availableParallelism } from 'node:os'
import type { Limits } from '../limits.ts'
import { DECODERS } from './codecs.ts'

/**
 * The one demuxer for each media type. It is forced and the only one on the list, so a playlist that names other files, the
 * subtitles inside an AVI included, is refused: a list of protocols alone does not stop them (docs/security.md).
 */
const DEMUXERS: Record<string, string> = {
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'video/3gpp': 'mov',
  'audio/mp4': 'mov',
  'video/webm': 'matroska',
  'video/matroska': 'matroska',
  'video/vnd.avi': 'avi',
  'video/mp2t': 'mpegts',
  'video/mpeg': 'mpeg',
  'video/ogg': 'ogg',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'audio/wav': 'wav',
  'audio/aiff': 'aiff',
  'image/gif': 'gif',
}

const MAX_PROBE_BYTES = 50_000_000
const MAX_PROBE_US = 10_000_000
/** More do not make decoding faster, but each holds a frame. */
const MAX_THREADS = 16

/** Returns the options in front of an untrusted input: one demuxer, only files, known decoders, and bounds on what is read before decoding. */
export function inputArgs({ file, type }: { file: string; type: string }, limits: Limits): string[] {
  const demuxer = DEMUXERS[type]
  if (!demuxer) throw new Error(`ffmpeg is not used for ${type}`)
  return [
    ...['-protocol_whitelist', 'file', '-f', demuxer, '-format_whitelist', demuxer, '-codec_whitelist', DECODERS],
    ...['-max_pixels', String(limits.maxPixels), '-max_streams', String(limits.maxStreams)],
    ...['-probesize', String(MAX_PROBE_BYTES), '-analyzeduration', String(MAX_PROBE_US)],
    ...['-threads', String(Math.min(MAX_THREADS, availableParallelism())), '-i', `file:${file}`],
  ]
}

/** Returns the options in front of everything else: the largest block that either program may allocate at once. */
export const globalArgs = ({ maxRssBytes }: Limits): string[] => [
  '-hide_banner',
  '-max_alloc',
  String(Math.min(maxRssBytes, MAX_BLOCK_BYTES)),
]

/** ffmpeg takes an int. */
const MAX_BLOCK_BYTES = 2 ** 31 - 1
