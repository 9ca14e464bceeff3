import { BoolDecoder } from './bool-decoder.ts'
import { INITIAL_TOKEN_PROBABILITIES, UPDATE_PROBABILITIES } from './probabilities.ts'

/** What a key frame says before its blocks, and where those lie (RFC 6386, chapter 9). */
export interface FrameHeader {
  /** In blocks of 16 × 16. */
  columns: number
  rows: number
  /** Modes of all blocks: the rest of the first part. */
  modes: BoolDecoder
  /** Coefficients: rows take turns. */
  tokens: readonly BoolDecoder[]
  /** How likely the three decisions are that say to which segment a block belongs; null where none does. */
  segments: readonly number[] | null
  /** How likely it is that a block has coefficients; null where all have. */
  skip: number | null
  tokenProbabilities: Uint8Array
}

const HEADER_BYTES = 10
const SIGNATURE = 0x9d012a
const SIZE_BYTES = 3
const SURE = 255
const BLOCK = 16

/** @throws RangeError where it cannot be so */
export function readFrameHeader(data: Buffer): FrameHeader {
  const tag = data.readUIntLE(0, 3)
  if ((tag & 1) !== 0 || data.readUIntBE(3, 3) !== SIGNATURE) throw new RangeError('a frame is no key frame')
  const { width, height } = sizeOf(data)
  const tokensAt = HEADER_BYTES + (tag >> 5)
  if (tokensAt > data.length) throw new RangeError('a frame is shorter than it says')
  const modes = new BoolDecoder(data.subarray(HEADER_BYTES, tokensAt))
  modes.bits(2)
  const segments = modes.flag() ? readSegments(modes) : null
  skipFilter(modes)
  const tokens = partsOf(data.subarray(tokensAt), 1 << modes.bits(2))
  skipQuantizers(modes)
  modes.flag()
  const tokenProbabilities = INITIAL_TOKEN_PROBABILITIES.map((value, n) =>
    modes.bit(UPDATE_PROBABILITIES[n] ?? SURE) === 1 ? modes.bits(8) : value,
  )
  const skip = modes.flag() ? modes.bits(8) : null
  const [columns, rows] = [Math.ceil(width / BLOCK), Math.ceil(height / BLOCK)]
  return { columns, rows, modes, tokens, segments, skip, tokenProbabilities }
}

const sizeOf = (data: Buffer): { width: number; height: number } => ({
  width: data.readUInt16LE(6) & 0x3fff,
  height: data.readUInt16LE(8) & 0x3fff,
})

/** Returns how many pixels it says that it has; 0 where it is too short to say so. */
export function pixelsOf(data: Buffer): number {
  if (data.length < HEADER_BYTES) return 0
  const { width, height } = sizeOf(data)
  return width * height
}

function readSegments(bits: BoolDecoder): number[] | null {
  const hasMap = bits.flag()
  if (bits.flag()) {
    bits.flag()
    for (let n = 0; n < 4; n++) bits.skipOptional(7)
    for (let n = 0; n < 4; n++) bits.skipOptional(6)
  }
  return hasMap ? Array.from({ length: 3 }, () => (bits.flag() ? bits.bits(8) : SURE)) : null
}

function skipFilter(bits: BoolDecoder): void {
  bits.bits(10)
  if (bits.flag() && bits.flag()) for (let n = 0; n < 8; n++) bits.skipOptional(6)
}

function skipQuantizers(bits: BoolDecoder): void {
  bits.bits(7)
  for (let n = 0; n < 5; n++) bits.skipOptional(4)
}

/** Divides the data into partitions. The sizes of all but the last one precede them. */
function partsOf(data: Buffer, count: number): BoolDecoder[] {
  let at = SIZE_BYTES * (count - 1)
  return Array.from({ length: count }, (_, n) => {
    const end = n === count - 1 ? data.length : at + data.readUIntLE(n * SIZE_BYTES, SIZE_BYTES)
    if (end > data.length) throw new RangeError('a part is shorter than it says')
    const part = new BoolDecoder(data.subarray(at, end))
    at = end
    return part
  })
}
