/** A box of the ISO base media file format (MP4, AVIF), without its header. */
export interface Box {
  type: string
  bytes: Buffer
}

export const BOX_HEADER_BYTES = 8
/** The header with a size of 64 bits. */
export const LARGE_BOX_HEADER_BYTES = 16
/** Version and flags in front of what a "full box" says. */
export const FULL_BOX_BYTES = 4

/** How long a box is with its header, by the first 16 bytes of it; one without a size reaches to the end. */
export function boxSize(header: Buffer, remaining: number): number {
  const size = header.readUInt32BE(0)
  if (size === 0) return remaining
  return size === 1 ? Number(header.readBigUInt64BE(BOX_HEADER_BYTES)) : size
}

/**
 * The boxes that lie one after the other in these bytes.
 * @throws RangeError when one does not fit; ISO/IEC 14496-12, 4.2
 */
export function* boxes(bytes: Buffer): Generator<Box> {
  let at = 0
  while (at < bytes.length) {
    const size = boxSize(bytes.subarray(at), bytes.length - at)
    const header = bytes.readUInt32BE(at) === 1 ? LARGE_BOX_HEADER_BYTES : BOX_HEADER_BYTES
    if (size < header || at + size > bytes.length) throw new RangeError('a box does not fit into its file')
    yield { type: bytes.toString('latin1', at + 4, at + 8), bytes: bytes.subarray(at + header, at + size) }
    at += size
  }
}
