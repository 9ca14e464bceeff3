import { readPart } from '../../audio/frames/read-part.ts'
import { TOLERANCE_BYTES } from '../../audio/truncation/chunks.ts'
import { type FindTruncation, number, type Seen } from './truncation.ts'

/** RIFF size form: what follows the size is as long as it says. */
const CHUNK_BYTES = 8
/** Of OpenDML: a file of more than a gigabyte is a row of them. Programs leave a tail behind them. */
const MAX_RIFFS = 1000
/** `LIST size hdrl avih size`, and the main header, of which the flags and the frames are wanted. */
const HEAD_BYTES = 80
const FLAGS_AT = 44
const FRAMES_AT = 48
const HAS_INDEX = 0x10
/** What a program writes before it knows better. */
const UNKNOWN: ReadonlySet<number> = new Set([0, 0xffff_ffff])

/** Finds a truncation of an AVI. The outermost chunks say how long they are; a recording that was never finished says that it has an index, and has none. */
export const aviTruncation: FindTruncation = async seen => {
  const head = await readPart(seen.file, 0, HEAD_BYTES)
  if (head.length < HEAD_BYTES || head.toString('latin1', 24, 28) !== 'avih') return null
  if (UNKNOWN.has(head.readUInt32LE(4)))
    return (head.readUInt32LE(FLAGS_AT) & HAS_INDEX) === 0
      ? null
      : `It was not finalized: its size and index are missing; ${framesOf(seen)} are there`
  const stated = await statedBytes(seen)
  if (stated <= seen.bytes + TOLERANCE_BYTES) return null
  const frames = head.readUInt32LE(FRAMES_AT)
  const of = frames > seen.frames ? `${number(seen.frames)} of ${framesOf({ frames })}` : framesOf(seen)
  return `${number(seen.bytes)} of ${number(stated)} bytes are there, with ${of}`
}

const framesOf = ({ frames }: Pick<Seen, 'frames'>): string => `${number(frames)} ${frames === 1 ? 'frame' : 'frames'}`

/** Returns where the last RIFF chunk ends by its own length. */
async function statedBytes({ file, bytes }: Seen): Promise<number> {
  let end = 0
  for (let n = 0; n < MAX_RIFFS && end + CHUNK_BYTES <= bytes; n++) {
    const header = await readPart(file, end, CHUNK_BYTES)
    if (header.length < CHUNK_BYTES || header.toString('latin1', 0, 4) !== 'RIFF') break
    const size = header.readUInt32LE(4)
    if (UNKNOWN.has(size)) break
    end += CHUNK_BYTES + size + (size % 2)
  }
  return end
}
