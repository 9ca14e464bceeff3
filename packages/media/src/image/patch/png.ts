import { isTruncated } from '../is-truncated.ts'
import type { Patched } from './patched.ts'
import { readTail } from './read-at.ts'

/** The last chunk, of no bytes, with its checksum (PNG, chapter 11.2.5). */
const IEND = Buffer.from('0000000049454e44ae426082', 'hex')

/** Patches a PNG without its last chunk: the decoder reads it all the same, and refuses it when pixels are missing; then nothing is said. */
export async function patchPng(file: string): Promise<Patched | null> {
  if ((await readTail(file, IEND.length)).equals(IEND) || !(await isTruncated(file, 'image/png'))) return null
  return {
    input: file,
    warning: { code: 'SOURCE_REPAIRED', detail: 'The end marker is missing; the image is complete.' },
  }
}
