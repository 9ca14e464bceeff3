import { MediaFault } from '../../fault.ts'
import { readBoxHeader } from '../../isobmff/boxes.ts'
import { type BitReader, bitReader } from './bit-reader.ts'
import type { Header } from './decoder.ts'

const CODESTREAM = 0xff0a
const BOX_SIGNATURE = Buffer.from('0000000c4a584c200d0a870a', 'hex')

/**
 * Reads the size of a JPEG XL image before anything is allocated for it (ISO/IEC 18181-1, annexes D.2 and D.3; the boxes are
 * those of 18181-2).
 * @throws MediaFault CORRUPT_FILE, TRUNCATED_FILE
 */
export function readJxlHeader(file: Buffer): Header {
  const codestream = findCodestream(file)
  if (codestream.length < 4 || codestream.readUInt16BE(0) !== CODESTREAM) throw corrupt()
  const bits = bitReader(codestream.subarray(2))
  const size = readSize(bits)
  const { orientation, bitDepth, hasAlpha } = readMetadata(bits)
  const upright = orientation > 4 ? { width: size.height, height: size.width } : size
  // The decoder turns the image by itself.
  return {
    format: 'jxl',
    ...upright,
    autoOrient: upright,
    orientation: 1,
    hasAlpha,
    bitsPerSample: bitDepth,
    depth: bitDepth > 8 ? 'ushort' : 'uchar',
    space: 'srgb',
  }
}

const corrupt = () => new MediaFault('CORRUPT_FILE', 'The file is damaged', { cause: 'It has no JPEG XL codestream' })

function findCodestream(file: Buffer): Buffer {
  if (!file.subarray(0, BOX_SIGNATURE.length).equals(BOX_SIGNATURE)) return file
  for (let at = 0; at + 16 <= file.length; ) {
    const { type, headerBytes: head, size: length } = readBoxHeader(file.subarray(at), file.length - at)
    if (type === 'jxlc') return file.subarray(at + head)
    // The first part of a codestream in pieces; a counter of 4 bytes comes before it.
    if (type === 'jxlp') return file.subarray(at + head + 4)
    if (length < head) throw corrupt()
    at += length
  }
  throw new MediaFault('TRUNCATED_FILE', 'The file is truncated')
}

/** Width : height. */
const RATIOS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 10],
  [4, 3],
  [3, 2],
  [16, 9],
  [5, 4],
  [2, 1],
]

function readSize(bits: BitReader): { width: number; height: number } {
  const isSmall = bits.flag()
  const side = () => (isSmall ? 8 * (1 + bits.read(5)) : 1 + bits.read([9, 13, 18, 30][bits.read(2)] ?? 0))
  const height = side()
  const ratio = RATIOS[bits.read(3) - 1]
  return { width: ratio ? Math.floor((height * ratio[0]) / ratio[1]) : side(), height }
}

interface Metadata {
  /** As in EXIF. */
  orientation: number
  bitDepth: number
  hasAlpha: boolean
}

function readMetadata(bits: BitReader): Metadata {
  const allDefault = bits.flag()
  if (allDefault) return { orientation: 1, bitDepth: 8, hasAlpha: false }
  const orientation = bits.flag() ? readExtraFields(bits) : 1
  const bitDepth = readBitDepth(bits)
  bits.flag() // 16-bit buffers suffice
  const channels = bits.choose([0, 0], [1, 0], [2, 4], [1, 12])
  return { orientation, bitDepth, hasAlpha: channels > 0 && isAlpha(bits) }
}

/** Reads past what stands between the orientation and the bit depth. */
function readExtraFields(bits: BitReader): number {
  const orientation = 1 + bits.read(3)
  if (bits.flag()) readSize(bits) // intrinsic size
  if (bits.flag()) readPreviewSize(bits)
  if (bits.flag()) readAnimation(bits)
  return orientation
}

function readPreviewSize(bits: BitReader): void {
  const isSmall = bits.flag()
  const side = () =>
    isSmall ? bits.choose([16, 0], [32, 0], [1, 5], [33, 9]) : bits.choose([1, 6], [65, 8], [321, 10], [1345, 12])
  side()
  if (bits.read(3) === 0) side()
}

function readAnimation(bits: BitReader): void {
  bits.choose([100, 0], [1000, 0], [1, 10], [1, 30]) // ticks per second
  bits.choose([1, 0], [1001, 0], [1, 8], [1, 10])
  bits.choose([0, 0], [0, 3], [0, 16], [0, 32]) // loops
  bits.flag() // time codes
}

function readBitDepth(bits: BitReader): number {
  if (!bits.flag()) return bits.choose([8, 0], [10, 0], [12, 0], [1, 6])
  const depth = bits.choose([32, 0], [16, 0], [24, 0], [1, 6])
  bits.read(4) // exponent
  return depth
}

/** Tells whether the first extra channel is alpha, which is the default. */
const isAlpha = (bits: BitReader): boolean => bits.flag() || bits.choose([0, 0], [1, 0], [2, 4], [18, 6]) === 0
