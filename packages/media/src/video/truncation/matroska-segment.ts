import type { FileHandle } from 'node:fs/promises'
import { readPart } from '../../audio/frames/read-part.ts'

/** The header in front of it takes some 40 bytes. */
const HEAD_BYTES = 1024
const SEGMENT = Buffer.from([0x18, 0x53, 0x80, 0x67])

/** Returns whether the segment, which holds all of a Matroska, says how long it is (RFC 9559): what is sent live does not. */
export async function hasSize(file: FileHandle): Promise<boolean> {
  const head = await readPart(file, 0, HEAD_BYTES)
  const at = head.indexOf(SEGMENT)
  if (at === -1) return false
  const size = head.subarray(at + SEGMENT.length)
  const length = Math.clz32(size[0] ?? 0) - 23
  // Behind leading zeros that count its bytes come those of the number (RFC 8794); all of its bits set stand for unknown.
  const unknown = [0xff >> (length - 1), ...Array<number>(length - 1).fill(0xff)]
  return unknown.some((byte, n) => size[n] !== byte)
}
