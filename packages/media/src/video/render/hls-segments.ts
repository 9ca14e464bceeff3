import { open } from 'node:fs/promises'
import { fileBoxes } from '../../isobmff/file-boxes.ts'

/** A part of a fragmented MP4 that is played by itself after the header. */
export interface Segment {
  /** Where it begins in the file, in bytes. */
  from: number
  bytes: number
  /** How long its video is to be seen. */
  sec: number
}

/** Of the video, which is written first. */
const VIDEO_TRACK = 1
/** Of a segment index (`sidx`, version 1; ISO/IEC 14496-12, 8.16.3) with one reference, which is what ffmpeg writes. */
const INDEX_BYTES = 52
const AT = { track: 12, ticksPerSec: 16, ticks: 44 } as const

/**
 * Reads the segments of a fragmented MP4 with an index in front of each fragment, by those indices: they are true to what is written,
 * which a list that is made while it is written cannot be. The header is what comes before the first of them.
 * @throws RangeError when it is no such file
 */
export async function readSegments(file: string): Promise<Segment[]> {
  await using handle = await open(file)
  const { size } = await handle.stat()
  const begun: { from: number; sec: number }[] = []
  for await (const { type, at, head, fits } of fileBoxes(handle, { to: size, headBytes: INDEX_BYTES })) {
    if (!fits) throw new RangeError('a box does not fit into its file')
    if (type !== 'sidx' || head.readUInt32BE(AT.track) !== VIDEO_TRACK) continue
    begun.push({ from: at, sec: head.readUInt32BE(AT.ticks) / head.readUInt32BE(AT.ticksPerSec) })
  }
  if (begun.length === 0) throw new RangeError('the video has no segments')
  return begun.map((segment, n) => ({ ...segment, bytes: (begun[n + 1]?.from ?? size) - segment.from }))
}
