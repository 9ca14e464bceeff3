import { findFrames } from '../frames/find-frames.ts'
import { readPart } from '../frames/read-part.ts'
import { framesTruncation } from './frames.ts'
import { type FindTruncation, type Heard, partOf } from './truncation.ts'

const HEAD_BYTES = 65_536
/** Of an ID3v2 tag, whose size has seven bits in each byte. */
const TAG_HEADER_BYTES = 10
/** The header lies in an empty frame, behind its side information: 9 to 36 bytes, and 2 of a checksum. */
const MAX_OFFSET = 4 + 32 + 2
const HAS_FRAMES = 1
const HAS_BYTES = 2
/** Some do not count the frame that says it. */
const TOLERANCE_BYTES = 1500

const lastIsWhole = framesTruncation('audio/mpeg')

/** Finds a truncation of an MP3. The header of the encoder says how many bytes there are; where there is none, the last frame has to be whole. */
export const mp3Truncation: FindTruncation = async heard => {
  const stated = await statedBytes(heard)
  const missing = stated ? stated.bytes - (heard.bytes - stated.at) : 0
  if (!stated || missing <= TOLERANCE_BYTES) return await lastIsWhole(heard)
  return partOf(heard.durationMs, (heard.durationMs * stated.bytes) / (stated.bytes - missing))
}

/** Returns where the audio begins, and its length by the header that LAME (Xing, Info) writes. */
async function statedBytes({ file }: Heard): Promise<{ at: number; bytes: number } | null> {
  const begin = tagBytes(await readPart(file, 0, TAG_HEADER_BYTES))
  const head = await readPart(file, begin, HEAD_BYTES)
  const first = findFrames('audio/mpeg', head)
  if (first === null) return null
  const frame = head.subarray(first, first + MAX_OFFSET + 16)
  const mark = Math.max(frame.indexOf('Xing'), frame.indexOf('Info'))
  if (mark === -1 || mark > MAX_OFFSET || frame.length < mark + 16) return null
  const flags = frame.readUInt32BE(mark + 4)
  if ((flags & HAS_BYTES) === 0) return null
  const bytes = frame.readUInt32BE(mark + 8 + ((flags & HAS_FRAMES) !== 0 ? 4 : 0))
  return { at: begin + first, bytes }
}

function tagBytes(head: Buffer): number {
  if (head.toString('latin1', 0, 3) !== 'ID3' || head.length < TAG_HEADER_BYTES) return 0
  return TAG_HEADER_BYTES + head.subarray(6).reduce((size, byte) => (size << 7) | (byte & 0x7f), 0)
}
