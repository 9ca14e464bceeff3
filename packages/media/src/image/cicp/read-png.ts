import { open } from 'node:fs/promises'
import { readAt } from '../patch/read-at.ts'
import type { Cicp } from './cicp.ts'

const SIGNATURE_BYTES = 8
const CHUNK_BYTES = 12
/** It stands in front of the pixels (PNG, third edition, chapter 5.6). */
const MAX_CHUNKS = 100
const LAST: ReadonlySet<string> = new Set(['IDAT', 'PLTE', 'IEND'])

/** Reads what the `cICP` chunk says; null without one. It counts more than a profile beside it. */
export async function readPngCicp(path: string): Promise<Cicp | null> {
  await using file = await open(path)
  let at = SIGNATURE_BYTES
  for (let n = 0; n < MAX_CHUNKS; n++) {
    const head = await readAt(file, at, CHUNK_BYTES)
    const type = head.toString('latin1', 4, 8)
    if (head.length < CHUNK_BYTES || LAST.has(type)) return null
    const [primaries = 0, transfer = 0, matrix, isFull] = head.subarray(8)
    // RGB of full range is all that a PNG can hold.
    if (type === 'cICP') return matrix === 0 && isFull === 1 ? { primaries, transfer } : null
    at += CHUNK_BYTES + head.readUInt32BE(0)
  }
  return null
}
