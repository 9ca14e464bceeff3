import { inflateSync } from 'node:zlib'
import { type Block, EXIF, PROFILE, tail } from './block.ts'

const SIGNATURE_BYTES = 8
/** Length, type, and the checksum behind the data. */
const FRAME_BYTES = 12
const MAX_PROFILE_BYTES = 4 * 1024 * 1024
const PLAIN = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'gAMA', 'cHRM', 'sRGB', 'cICP', 'sBIT', 'bKGD', 'pHYs'])

/**
 * Returns the chunks of a PNG that are not about pixels, and whatever follows its end.
 * https://www.w3.org/TR/png-3/#5DataRep
 */
export function* pngBlocks(file: Buffer): Generator<Block> {
  let at = SIGNATURE_BYTES
  let type = ''
  while (type !== 'IEND' && at + FRAME_BYTES <= file.length) {
    const length = file.readUInt32BE(at)
    type = file.toString('latin1', at + 4, at + 8)
    const bytes = file.subarray(at + 8, at + 8 + length)
    if (type === 'eXIf') yield { name: EXIF, bytes }
    else if (type === 'iCCP') yield { name: PROFILE, bytes: inflateProfile(bytes) }
    else if (!PLAIN.has(type)) yield { name: `chunk ${type}`, bytes }
    at += FRAME_BYTES + length
  }
  if (type !== 'IEND' || at !== file.length) yield tail('a PNG that does not end with its last chunk')
}

/** Decompresses a profile, which follows a name, a zero and the method. */
const inflateProfile = (chunk: Buffer): Buffer =>
  inflateSync(chunk.subarray(chunk.indexOf(0) + 2), { maxOutputLength: MAX_PROFILE_BYTES })
