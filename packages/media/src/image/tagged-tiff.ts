import type { Raster } from './raster.ts'

const SHORT = 3
const LONG = 4
const UNDEFINED = 7
const HEADER_BYTES = 8

/**
 * Writes RGB pixels with an ICC profile as an uncompressed little-endian TIFF 6.0 in memory. sharp takes no profile for raw
 * input, and `withIccProfile` converts instead of tagging; this is the way to hand it both.
 */
export function taggedTiff(
  { data: bytes, width, height, channels }: Raster,
  profile: Buffer,
  bits: 8 | 16 = 8,
): Buffer {
  const data = bits === 8 ? bytes : doubled(bytes)
  const bitsAt = HEADER_BYTES
  const profileAt = bitsAt + channels * 2
  const pixelsAt = even(profileAt + profile.length)
  const tags: [tag: number, type: number, count: number, value: number][] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, channels, bitsAt],
    [259, SHORT, 1, 1], // no compression
    [262, SHORT, 1, 2], // RGB
    [273, LONG, 1, pixelsAt],
    [277, SHORT, 1, channels],
    [278, LONG, 1, height],
    [279, LONG, 1, data.length],
    [284, SHORT, 1, 1], // channels interleaved
    ...(channels === 4 ? ([[338, SHORT, 1, 2]] as [number, number, number, number][]) : []), // alpha, not premultiplied
    [34675, UNDEFINED, profile.length, profileAt],
  ]
  const ifdAt = even(pixelsAt + data.length)
  const out = Buffer.alloc(ifdAt + 2 + tags.length * 12 + 4)
  out.write('II*\0', 'latin1')
  out.writeUInt32LE(ifdAt, 4)
  for (let n = 0; n < channels; n++) out.writeUInt16LE(bits, bitsAt + n * 2)
  profile.copy(out, profileAt)
  data.copy(out, pixelsAt)
  out.writeUInt16LE(tags.length, ifdAt)
  for (const [n, [tag, type, count, value]] of tags.entries()) {
    const at = ifdAt + 2 + n * 12
    out.writeUInt16LE(tag, at)
    out.writeUInt16LE(type, at + 2)
    out.writeUInt32LE(count, at + 4)
    out.writeUInt32LE(value, at + 8)
  }
  return out
}

/** Converts 8 bits to 16: 255 becomes 65,535, so every byte is doubled. */
function doubled(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length * 2)
  for (let at = 0; at < bytes.length; at++) {
    const value = bytes[at] ?? 0
    out[at * 2] = value
    out[at * 2 + 1] = value
  }
  return out
}

const even = (offset: number): number => offset + (offset % 2)
