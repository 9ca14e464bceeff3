import { open } from 'node:fs/promises'
import type { SourceWarning } from '../../source-warning.ts'
import { readLimitedFile } from '../decoders/read-limited-file.ts'
import { type Patcher, truncated } from './patched.ts'
import { readAt } from './read-at.ts'

// RFC 9649, chapters 2.3 and 2.7: `RIFF`, the size of all that follows, `WEBP`, and chunks that say how long they are.
const HEADER_BYTES = 12
const CHUNK_HEADER_BYTES = 8
const RIFF_BYTES = 8
const IMAGE_CHUNKS: ReadonlySet<string> = new Set(['VP8 ', 'VP8L'])

/** Patches a WebP that is shorter than it says: the frames that are whole, or the image, when only what follows it is missing. */
export const patchWebp: Patcher = async path => {
  const missing = await missingBytes(path)
  if (missing === null) return null
  const bytes = await readLimitedFile(path)
  const { frames, hasImage, end } = walkWebp(bytes)
  const lacksPadding = end > bytes.length
  if (missing === 0 && !lacksPadding) return null
  if (frames === 0 && !hasImage) throw truncated()
  const input = Buffer.concat([bytes.subarray(0, end), Buffer.alloc(lacksPadding ? 1 : 0)])
  input.writeUInt32LE(end - RIFF_BYTES, 4)
  return { input, warning: lacksPadding && missing <= 1 ? ONLY_PADDING : lossOf(frames, missing) }
}

const ONLY_PADDING: SourceWarning = {
  code: 'SOURCE_REPAIRED',
  detail: 'Only the padding byte of the last chunk is missing.',
}

const lossOf = (frames: number, missing: number): SourceWarning => ({
  code: 'SOURCE_TRUNCATED',
  detail: detailOf(frames, missing),
})

function detailOf(frames: number, missing: number): string {
  if (frames === 0) return `The image is complete. ${missing} bytes after it are missing.`
  const whole = frames === 1 ? '1 frame is' : `${frames} frames are`
  return `${whole} whole. ${missing} bytes are missing; how many frames were in them is not known.`
}

/**
 * Returns how many bytes are missing by the file's own size; null where it may be complete, 0 where only the padding of
 * the last chunk may be missing.
 */
async function missingBytes(path: string): Promise<number | null> {
  await using file = await open(path)
  const head = await readAt(file, 0, RIFF_BYTES)
  if (head.length < RIFF_BYTES) return null
  const missing = head.readUInt32LE(4) + RIFF_BYTES - (await file.stat()).size
  return missing > 0 || (missing === 0 && head.readUInt32LE(4) % 2 === 1) ? missing : null
}

/**
 * Walks over the chunks of a WebP. `end` is the end of the last complete chunk with its padding, which may be one byte
 * after the file.
 */
function walkWebp(bytes: Buffer): { frames: number; hasImage: boolean; end: number } {
  let [frames, hasImage, end] = [0, false, HEADER_BYTES]
  while (end + CHUNK_HEADER_BYTES <= bytes.length) {
    const type = bytes.toString('latin1', end, end + 4)
    const length = bytes.readUInt32LE(end + 4)
    const next = end + CHUNK_HEADER_BYTES + length
    if (next > bytes.length) break
    if (type === 'ANMF') frames++
    if (IMAGE_CHUNKS.has(type)) hasImage = true
    end = next + (length % 2)
  }
  return { frames, hasImage, end }
}
