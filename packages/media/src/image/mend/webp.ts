import { open } from 'node:fs/promises'
import { readWhole } from '../decoders/read-whole.ts'
import { type Mender, truncated } from './mended.ts'
import { readAt } from './read-at.ts'

// RFC 9649, chapters 2.3 and 2.7: `RIFF`, the size of all that follows, `WEBP`, and chunks that say how long they are.
const HEADER_BYTES = 12
const CHUNK_HEADER_BYTES = 8
const RIFF_BYTES = 8
const PICTURES: ReadonlySet<string> = new Set(['VP8 ', 'VP8L'])

/** A WebP that is shorter than it says: the frames that are whole, or the picture, when only what follows it is missing. */
export const mendWebp: Mender = async path => {
  if (!(await isShort(path))) return null
  const bytes = await readWhole(path)
  const { frames, hasPicture, end } = walkWebp(bytes)
  if (frames === 0 && !hasPicture) throw truncated()
  const input = Buffer.from(bytes.subarray(0, end))
  input.writeUInt32LE(end - RIFF_BYTES, 4)
  return { input, warning: { code: 'SOURCE_TRUNCATED', detail: detailOf(frames, bytes) } }
}

function detailOf(frames: number, bytes: Buffer): string {
  const missing = bytes.readUInt32LE(4) + RIFF_BYTES - bytes.length
  if (frames === 0) return `The picture is whole. ${missing} bytes behind it are missing.`
  const whole = frames === 1 ? '1 frame is' : `${frames} frames are`
  return `${whole} whole. ${missing} bytes are missing; how many frames were in them is not known.`
}

async function isShort(path: string): Promise<boolean> {
  await using file = await open(path)
  const head = await readAt(file, 0, RIFF_BYTES)
  return head.length === RIFF_BYTES && head.readUInt32LE(4) + RIFF_BYTES > (await file.stat()).size
}

function walkWebp(bytes: Buffer): { frames: number; hasPicture: boolean; end: number } {
  let [frames, hasPicture, end] = [0, false, HEADER_BYTES]
  while (end + CHUNK_HEADER_BYTES <= bytes.length) {
    const type = bytes.toString('latin1', end, end + 4)
    const length = bytes.readUInt32LE(end + 4)
    const next = end + CHUNK_HEADER_BYTES + length + (length % 2)
    if (next > bytes.length) break
    if (type === 'ANMF') frames++
    if (PICTURES.has(type)) hasPicture = true
    end = next
  }
  return { frames, hasPicture, end }
}
