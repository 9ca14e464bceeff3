/** A box of the ISO base media file format (MP4, AVIF), without its header. */
export interface Box {
  type: string
  bytes: Buffer
}

/** What stands in front of a box (ISO/IEC 14496-12, 4.2). */
export interface BoxHeader {
  type: string
  headerBytes: number
  /** Of the whole box; it may be less than its header has, or more than there is. */
  size: number
}

export const BOX_HEADER_BYTES = 8
/** The header with a size of 64 bits. */
export const LARGE_BOX_HEADER_BYTES = 16
/** Version and flags in front of what a "full box" says. */
export const FULL_BOX_BYTES = 4

/**
 * Reads the header at the beginning of these bytes. A box without a size takes all that remain; one whose header is cut in the
 * middle of a large size has no end.
 * @throws RangeError where there are less than 8 bytes
 */
export function readBoxHeader(head: Buffer, remaining: number): BoxHeader {
  if (head.length < BOX_HEADER_BYTES) throw new RangeError('a box has no header')
  const size = head.readUInt32BE(0)
  const type = head.toString('latin1', 4, 8)
  if (size !== 1) return { type, headerBytes: BOX_HEADER_BYTES, size: size === 0 ? remaining : size }
  const isCut = head.length < LARGE_BOX_HEADER_BYTES
  const large = isCut ? Number.POSITIVE_INFINITY : Number(head.readBigUInt64BE(BOX_HEADER_BYTES))
  return { type, headerBytes: LARGE_BOX_HEADER_BYTES, size: large }
}

/**
 * Returns the boxes that lie one after the other in these bytes.
 * @throws RangeError when one does not fit
 */
export function* boxes(bytes: Buffer): Generator<Box> {
  let at = 0
  while (at < bytes.length) {
    const { type, headerBytes, size } = readBoxHeader(bytes.subarray(at), bytes.length - at)
    if (size < headerBytes || at + size > bytes.length) throw new RangeError('a box does not fit into its file')
    yield { type, bytes: bytes.subarray(at + headerBytes, at + size) }
    at += size
  }
}
