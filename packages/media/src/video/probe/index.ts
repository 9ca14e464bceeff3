import type { Facts } from '../../facts.ts'
import { MediaFault, overLimit } from '../../fault.ts'
import { isTakenCodec } from '../../ffmpeg/codecs.ts'
import { refuseEncrypted } from '../../ffmpeg/encryption.ts'
import { faultOfFfmpeg } from '../../ffmpeg/fault-of-ffmpeg.ts'
import { packetsOf, scanFile } from '../../ffmpeg/scan-packets.ts'
import type { Limits } from '../../limits.ts'
import type { ProbeContext } from '../../pipeline/kind.ts'
import type { Size } from '../../plan/geometry.ts'
import { findTruncation } from '../truncation/index.ts'
import { displaySize } from './display-size.ts'
import { toFacts } from './facts.ts'
import { isAudioStream, isStill, isVideoStream, type StreamInfo, Streams } from './streams.ts'
import { chooseAudioTrack, chooseVideoTrack } from './tracks.ts'

/** Finds out what a video is, from its header and from the times of all its packets; one with nothing to see is an audio file. */
export async function probeVideo(context: ProbeContext): Promise<Facts> {
  await refuseEncrypted(context)
  const scanned = await scanFile(context, context)
  const { streams = [], format, chapters = [] } = Streams.safeParse(scanned.answer).data ?? {}
  const videoTrack = chooseVideoTrack(streams.filter(isVideoStream))
  const { stream: heard, chosen = null } = chooseAudioTrack(streams.filter(isAudioStream)) ?? {}
  const shown = videoTrack?.stream
  if (!shown && heard) return (await import('../../audio/probe.ts')).probeAudio(context, scanned.answer)
  if (!shown) throw new MediaFault('CORRUPT_FILE', 'The file has neither video nor audio')
  if (!isTakenCodec(shown.codec_name)) throw unknownCodec(shown)
  // One that ffprobe refused to look at has no size.
  if (!shown.width || !shown.height) throw faultOfFfmpeg(scanned.stderr, 0, null)
  const size = displaySize(shown)
  checkSize(shown, size, context.limits)
  const scan = packetsOf(scanned, heard ? [shown.index, heard.index] : [shown.index], context.limits)
  const count = (stream: StreamInfo) => scan.streams.get(stream.index)?.packets ?? 0
  if (count(shown) === 0) throw new MediaFault('CORRUPT_FILE', 'The video has no frames')
  const audio = heard && isTakenCodec(heard.codec_name) && count(heard) > 0 ? heard : undefined
  const tracks = [videoTrack?.chosen ?? null, audio ? chosen : null].filter(track => track !== null)
  if (tracks.length > 0) context.warn({ code: 'TRACK_CHOSEN', detail: `${tracks.join('; ')}.` })
  const missing = await findTruncation(context.file, context.type, {
    statedMs: (format?.duration ?? 0) * 1000,
    durationMs: scan.startSec * 1000 + scan.durationMs,
    frames: count(shown),
    hasAudio: audio !== undefined,
    isAll: streams.every(stream => stream === shown || stream === heard || isStill(stream)),
  })
  if (missing !== null) context.warn({ code: 'SOURCE_TRUNCATED', detail: missing })
  return await toFacts(context, { shown, audio, size, scan, chapters })
}

const unknownCodec = ({ codec_name = 'unknown' }: StreamInfo): MediaFault =>
  new MediaFault('UNSUPPORTED_TYPE', `The video codec ${codec_name} is not supported`)

function checkSize({ width = 0, height = 0 }: StreamInfo, shown: Size, limits: Limits): void {
  const { maxPixels, maxDimension } = limits
  const longest = Math.max(width, height, shown.width, shown.height)
  if (longest > maxDimension) {
    throw overLimit(
      'maxDimension',
      'TOO_MANY_PIXELS',
      `The video has ${longest} pixels on its longer side; at most ${maxDimension} are allowed`,
    )
  }
  const most = Math.max(width * height, shown.width * shown.height)
  if (most > maxPixels) {
    throw overLimit(
      'maxPixels',
      'TOO_MANY_PIXELS',
      `The video has ${most} pixels per frame; at most ${maxPixels} are allowed`,
    )
  }
}
