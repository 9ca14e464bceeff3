import { type FileHandle, open } from 'node:fs/promises'
import type { MediaType } from '@darkroom/contracts'
import { fileBoxes } from '../isobmff/file-boxes.ts'

const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

type Check = (file: FileHandle, size: number) => Promise<boolean>

/** Formats whose structure says where the file must end. JPEG and TIFF are told by their decoders. */
const CHECKS: Partial<Record<MediaType, Check>> = {
  // PNG, chapter 5.3: length (4), type (4), data, CRC (4); IEND is the last chunk. What begins otherwise has no chunks.
  'image/png': async (file, size) =>
    (await read(file, 0, 8)).equals(PNG_SIGNATURE) &&
    (await walk(file, size, 8, head => ({
      length: head.readUInt32BE(0) + 12,
      last: head.toString('latin1', 4, 8) === 'IEND',
    }))),
  // RIFF: the length of all that follows stands at offset 4.
  'image/webp': async (file, size) => (await read(file, 0, 8)).readUInt32LE(4) + 8 > size,
  'image/avif': boxesEndEarly,
  'image/heic': boxesEndEarly,
  'image/heif': boxesEndEarly,
  'image/jxl': async (file, size) => isBoxed(await read(file, 0, 4)) && (await boxesEndEarly(file, size)),
  // GIF89a: the trailer.
  'image/gif': async (file, size) => (await read(file, size - 1, 1))[0] !== 0x3b,
}

/**
 * Tells whether the file is in boxes. A bare codestream begins otherwise, and does not contain its length (ISO/IEC
 * 18181-2).
 */
const isBoxed = (head: Buffer): boolean => head.readUInt32BE(0) === 12

/** Tells whether the last box ends after the file. One that is smaller than its header is damaged in another way. */
async function boxesEndEarly(file: FileHandle, size: number): Promise<boolean> {
  let left = MAX_CHUNKS
  for await (const box of fileBoxes(file, { to: size })) {
    if (left-- === 0) return false
    if (!box.fits) return box.size >= box.headerBytes
  }
  return false
}

/** Returns whether the file is shorter than its own structure says; where the decoder tells, asked only after it failed. */
export async function isTruncated(path: string, type: MediaType): Promise<boolean> {
  const check = CHECKS[type]
  if (!check) return false
  const file = await open(path)
  try {
    return await check(file, (await file.stat()).size)
  } catch (error) {
    if (error instanceof RangeError) return true
    throw error
  } finally {
    await file.close()
  }
}

const MAX_CHUNKS = 10_000

async function walk(
  file: FileHandle,
  size: number,
  start: number,
  next: (head: Buffer, at: number) => { length: number; last: boolean },
): Promise<boolean> {
  let at = start
  for (let count = 0; count < MAX_CHUNKS; count++) {
    const { length, last } = next(await read(file, at, 8), at)
    at += Math.max(8, length)
    if (at > size) return true
    if (last || at === size) return at === size ? !last && start > 0 : false
  }
  return false
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position)
  if (bytesRead < length) throw new RangeError('the file ends early')
  return buffer
}
