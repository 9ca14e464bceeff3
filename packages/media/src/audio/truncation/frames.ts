import { findFrames } from '../frames/find-frames.ts'
import { FRAME_HEADERS, type FramedType } from '../frames/frame-header.ts'
import { readPart } from '../frames/read-part.ts'
import { type FindTruncation, type Heard, seconds } from './truncation.ts'

/** Enough for a few of the largest frames: 8191 bytes of AAC. */
const TAIL_BYTES = 65_536
const ID3V1_BYTES = 128

/** Finds out whether the last frame is whole. A file that was cut between two frames looks like one that ends there. */
export const framesTruncation =
  (type: FramedType): FindTruncation =>
  async heard => {
    const tail = await readTail(heard)
    const first = findFrames(type, tail)
    if (first === null) return null
    const { missing, of } = lastFrame(type, tail, first)
    return missing > 0 ? `The last frame, after ${seconds(heard.durationMs)} s, lacks ${missing} of ${of} bytes` : null
  }

async function readTail({ file, bytes }: Heard): Promise<Buffer> {
  const tail = await readPart(file, bytes - TAIL_BYTES, TAIL_BYTES)
  const hasTag = tail.toString('latin1', tail.length - ID3V1_BYTES, tail.length - ID3V1_BYTES + 3) === 'TAG'
  return hasTag ? tail.subarray(0, -ID3V1_BYTES) : tail
}

/** Follows the frames to the last one; what comes behind it is a tag, or nothing. */
function lastFrame(type: FramedType, tail: Buffer, first: number): { missing: number; of: number } {
  const read = FRAME_HEADERS[type]
  const family = read(tail, first)?.family
  let [at, of] = [first, 0]
  for (let frame = read(tail, at); frame?.family === family && frame; frame = read(tail, at)) {
    of = frame.bytes
    at += of
  }
  return { missing: at - tail.length, of }
}
