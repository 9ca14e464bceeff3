import { type Block, EXIF, PROFILE, tail } from './block.ts'

const END_OF_IMAGE = 0xd9
const START_OF_SCAN = 0xda
const COMMENT = 0xfe
const PROFILE_SIGNATURE = 'ICC_PROFILE'
/** Signature, zero, number and count of the segment. */
const PROFILE_HEADER_BYTES = 14
/** `JFIF` without a thumbnail, and Adobe's note on the colour transform: nothing else fits into this many bytes. */
const PLAIN_SEGMENTS: Record<string, number> = { 'APP0 JFIF': 14, 'APP14 Adobe': 12 }
/** ffmpeg's encoder signs with its version. */
const ENCODER_COMMENT = /^Lavc[\d.]+\0?$/

/**
 * Returns the segments of a JPEG that are neither tables nor scans, and whatever follows its end.
 * ITU-T T.81, annex B.
 */
export function* jpegBlocks(file: Buffer): Generator<Block> {
  let at = 2
  while (at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== END_OF_IMAGE) {
    const marker = file[at + 1] ?? 0
    const end = at + 2 + file.readUInt16BE(at + 2)
    const block = toBlock(marker, file.subarray(at + 4, end))
    if (block) yield block
    at = marker === START_OF_SCAN ? endOfScan(file, end) : end
  }
  if (file[at] !== 0xff || file[at + 1] !== END_OF_IMAGE) yield tail('a JPEG without its end')
  else if (at + 2 !== file.length) yield tail('bytes after the end of the JPEG')
}

function toBlock(marker: number, bytes: Buffer): Block | null {
  if (marker === COMMENT) return ENCODER_COMMENT.test(bytes.toString('latin1')) ? null : { name: 'comment', bytes }
  if (marker < 0xe0 || marker > 0xef) return null
  const signature = bytes.toString('latin1', 0, Math.max(0, bytes.indexOf(0)))
  if (signature === 'Exif') return { name: EXIF, bytes: bytes.subarray(6) }
  if (signature === PROFILE_SIGNATURE) return { name: PROFILE, bytes: bytes.subarray(PROFILE_HEADER_BYTES) }
  // Adobe's signature is not ended by a zero.
  const name = `APP${marker - 0xe0} ${bytes.toString('latin1', 0, 5) === 'Adobe' ? 'Adobe' : signature}`
  return PLAIN_SEGMENTS[name] === bytes.length ? null : { name: `APP${marker - 0xe0}`, bytes }
}

/** Finds the end of a scan. Within a scan 0xff is followed by 0 or by a restart marker. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at !== -1; at = file.indexOf(0xff, at + 2)) {
    const next = file[at + 1] ?? 0
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at
  }
  return file.length
}
