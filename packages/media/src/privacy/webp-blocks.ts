import { type Block, EXIF, PROFILE, tail } from './block.ts'

const RIFF_HEADER_BYTES = 12
const CHUNK_HEADER_BYTES = 8
/** What an animation says of a frame before the frame's own chunks. */
const FRAME_HEADER_BYTES = 16
const NAMES: Record<string, string> = { EXIF, ICCP: PROFILE, 'XMP ': 'XMP' }
const PLAIN = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM'])

/**
 * Returns the chunks of a WebP that are not about pixels, and whatever follows its end.
 * https://developers.google.com/speed/webp/docs/riff_container
 */
export function* webpBlocks(file: Buffer): Generator<Block> {
  yield* chunks(file.subarray(RIFF_HEADER_BYTES))
  if (file.readUInt32LE(4) + CHUNK_HEADER_BYTES !== file.length) yield tail('bytes after the end of the WebP')
}

function* chunks(part: Buffer): Generator<Block> {
  let at = 0
  while (at + CHUNK_HEADER_BYTES <= part.length) {
    const type = part.toString('latin1', at, at + 4)
    const length = part.readUInt32LE(at + 4)
    const bytes = part.subarray(at + CHUNK_HEADER_BYTES, at + CHUNK_HEADER_BYTES + length)
    if (type === 'ANMF') yield* chunks(bytes.subarray(FRAME_HEADER_BYTES))
    else if (!PLAIN.has(type)) yield { name: NAMES[type] ?? `chunk ${type}`, bytes }
    at += CHUNK_HEADER_BYTES + length + (length % 2)
  }
  if (at !== part.length) yield tail('a WebP chunk that does not end where it says')
}
